import {
	type Attributes,
	attributeName,
	contextAttributes,
	InvalidEvent,
	mediaType,
	setAttribute,
	versions,
} from './attributes.ts';
import { memberText } from './member-text.ts';

/** Reads an event in structured mode. @throws InvalidEvent if the body is malformed */
export function readStructured(body: Buffer): { attributes: Attributes; data: Buffer } {
	const json = body.toString('utf8');
	let members: unknown;
	try {
		members = JSON.parse(json);
	} catch (error) {
		throw new InvalidEvent(`the body is not JSON: ${(error as Error).message}`);
	}
	if (typeof members !== 'object' || members === null || Array.isArray(members)) {
		throw new InvalidEvent('the body is not a JSON object');
	}
	const { data, data_base64, ...rest } = members as Record<string, unknown>;
	const attributes = new Map<string, string>();
	for (const [member, value] of Object.entries(rest)) setMember(attributes, member, value);
	const version = attributes.get('specversion') ?? '';
	if (!versions.has(version)) throw new InvalidEvent(`specversion is "${version}", expected 1.0`);
	return { attributes, data: readData(json, attributes, data, data_base64) };
}

function setMember(attributes: Map<string, string>, member: string, value: unknown): void {
	const name = attributeName(member);
	const text = value === null ? '' : attributeText(name, value);
	if (!contextAttributes.has(name)) {
		if (value !== null) setAttribute(attributes, name, text);
		return;
	}
	if (name !== member) throw new InvalidEvent(`found ${member}, expected ${name}`);
	// The SDK reads null and '' alike. It accepts both for some attributes, but spaces for none.
	if (text.trim() === '' && (text !== '' || name === 'datacontenttype')) throw new InvalidEvent(`${name} is empty`);
	try {
		if (text !== '') setAttribute(attributes, name, text);
	} catch (error) {
		// The SDK drops a malformed dataschema in structured mode, and rejects it in binary mode.
		if (name !== 'dataschema') throw error;
	}
}

/** Numbers are 32-bit integers (CloudEvents, "Type System"), truncated as in the Go SDK. */
function attributeText(name: string, value: unknown): string {
	if (typeof value === 'string') return value;
	if (!contextAttributes.has(name)) {
		if (typeof value === 'boolean') return String(value);
		if (typeof value === 'number' && value >= -(2 ** 31) && value < 2 ** 31) return String(Math.trunc(value));
	}
	throw new InvalidEvent(`${name} is ${JSON.stringify(value).slice(0, 100)}, expected a string`);
}

/** Searches for a wrong character: an expression for the whole text would need memory for each group of a long one. */
const isBase64 = (text: string): boolean =>
	text.length % 4 === 0 &&
	!/[^a-z0-9+/]/i.test(text.slice(0, -2)) &&
	/^([a-z0-9+/]{2}|[a-z0-9+/]=|==)?$/i.test(text.slice(-2));

function readBase64(name: string, value: unknown): Buffer {
	if (typeof value === 'string' && isBase64(value)) return Buffer.from(value, 'base64');
	throw new InvalidEvent(`${name} is not valid base64`);
}

function readData(json: string, attributes: Map<string, string>, data: unknown, base64: unknown): Buffer {
	const old = attributes.get('specversion') === '0.3';
	if (base64 !== undefined) {
		if (old) throw new InvalidEvent('found data_base64, expected datacontentencoding in CloudEvents 0.3');
		return readBase64('data_base64', base64);
	}
	const encoding = old ? attributes.get('datacontentencoding') : undefined;
	if (encoding !== undefined && encoding !== 'base64') {
		throw new InvalidEvent(`datacontentencoding is ${JSON.stringify(encoding)}, expected base64`);
	}
	if (data === undefined) return Buffer.alloc(0);
	if (encoding !== undefined) {
		attributes.delete('datacontentencoding');
		return readBase64('data', data);
	}
	// The Go SDK treats exactly these types as JSON. Data of a +json type must therefore be a string, as on a cluster.
	const type = mediaType(attributes.get('datacontenttype') ?? '');
	if (type === '' || type === 'application/json' || type === 'text/json') {
		return Buffer.from(memberText(json, 'data') ?? '');
	}
	if (typeof data === 'string' || data === null) return Buffer.from(data ?? '');
	throw new InvalidEvent(`data of the type ${type} must be a string`);
}
