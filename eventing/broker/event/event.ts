import { isMediaType } from './media-type.ts';
import { memberText } from './member-text.ts';
import { normalTime } from './timestamp.ts';

/**
 * A CloudEvent as sent over HTTP. Every attribute is a string, as in binary mode, which Knative uses internally too.
 * The data are the received bytes: the cloudevents package would parse and serialise them again.
 */
export interface Event {
	/** Context attributes and extensions by name, including `specversion` and `datacontenttype`. */
	readonly attributes: ReadonlyMap<string, string>;
	readonly data: Buffer;
}

/** Headers of a request or response, by lower-case name. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

export class InvalidEvent extends Error {
	override name = 'InvalidEvent';
}

const versions = new Set(['1.0', '0.3']);
const contextAttributes = new Set([
	'specversion',
	'id',
	'source',
	'type',
	'subject',
	'time',
	'dataschema',
	'datacontenttype',
]);
const structuredType = 'application/cloudevents+json';
const batchType = 'application/cloudevents-batch+json';

/** Returns the first value of a header that can occur more than once. Knative uses the first one too. */
export function header(headers: Headers, name: string): string | undefined {
	const value = headers[name];
	return typeof value === 'string' ? value : value?.[0];
}

const mediaType = (contentType: string): string => contentType.split(';', 1)[0]?.trim() ?? '';

/** Returns how a message carries an event (CloudEvents HTTP binding, section 3), or undefined if it carries none. */
export function encoding(headers: Headers): 'binary' | 'structured' | 'batch' | undefined {
	const type = mediaType(header(headers, 'content-type') ?? '').toLowerCase();
	if (type === structuredType) return 'structured';
	if (type === batchType) return 'batch';
	return versions.has(header(headers, 'ce-specversion') ?? '') ? 'binary' : undefined;
}

/** @throws InvalidEvent if the message is not in binary or structured mode, or is malformed; see also `check`. */
export function readEvent(headers: Headers, body: Buffer): Event {
	switch (encoding(headers)) {
		case 'binary':
			return readBinary(headers, body);
		case 'structured':
			return readStructured(body);
		case 'batch':
			throw new InvalidEvent('found a batch of events, expected a single event: Knative accepts no batches');
		default:
			throw new InvalidEvent(`expected a ce-specversion header of 1.0 or the content type ${structuredType}`);
	}
}

function set(attributes: Map<string, string>, name: string, text: string): void {
	// An empty context attribute counts as missing; an extension can be empty.
	const value = contextAttributes.has(name) ? text.trim() : text;
	if (value === '' && contextAttributes.has(name)) return;
	if (name !== 'time') {
		attributes.set(name, value);
		return;
	}
	const time = normalTime(value);
	if (time === undefined) throw new InvalidEvent(`time is "${value}", expected RFC 3339`);
	attributes.set(name, time);
}

function extensionName(text: string): string {
	if (text === '' || /[^a-z0-9]/i.test(text))
		throw new InvalidEvent(`"${text.slice(0, 100)}" is not an attribute name: expected letters and digits only`);
	return text.toLowerCase();
}

/** Decodes a header value. Node reads headers as Latin-1, but the Go SDK sends UTF-8 bytes without percent-encoding. */
const fromHeader = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');
const toHeader = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

function readBinary(headers: Headers, data: Buffer): Event {
	const attributes = new Map<string, string>();
	set(attributes, 'datacontenttype', header(headers, 'content-type') ?? '');
	for (const field of Object.keys(headers)) {
		if (!field.startsWith('ce-')) continue;
		const name = extensionName(field.slice('ce-'.length));
		if (name === 'datacontenttype') throw new InvalidEvent('datacontenttype is sent as Content-Type in binary mode');
		set(attributes, name, fromHeader(header(headers, field) ?? ''));
	}
	return { attributes, data };
}

function readStructured(body: Buffer): Event {
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
	for (const [member, value] of Object.entries(rest)) {
		if (value === null || value === undefined) continue;
		const name = extensionName(member);
		set(attributes, name, attributeText(name, value));
	}
	const version = attributes.get('specversion') ?? '';
	if (!versions.has(version)) throw new InvalidEvent(`specversion is "${version}", expected 1.0`);
	return { attributes, data: structuredData(json, attributes, data, data_base64) };
}

/** Numbers are 32-bit integers (CloudEvents, "Type System"), truncated as in the Go SDK. */
function attributeText(name: string, value: unknown): string {
	if (typeof value === 'string') return value;
	if (!contextAttributes.has(name)) {
		if (typeof value === 'boolean') return String(value);
		if (typeof value === 'number' && Math.abs(value) < 2 ** 31) return String(Math.trunc(value));
	}
	throw new InvalidEvent(`${name} is ${JSON.stringify(value)}, expected a string`);
}

/** Searches for a wrong character: an expression for the whole text would need memory for each group of a long one. */
const isBase64 = (text: string): boolean =>
	text.length % 4 === 0 &&
	!/[^a-z0-9+/]/i.test(text.slice(0, -2)) &&
	/^([a-z0-9+/]{2}|[a-z0-9+/]=|==)?$/i.test(text.slice(-2));

function structuredData(json: string, attributes: Map<string, string>, data: unknown, base64: unknown): Buffer {
	if (base64 !== undefined) {
		if (typeof base64 === 'string' && isBase64(base64)) return Buffer.from(base64, 'base64');
		throw new InvalidEvent('data_base64 is not valid base64');
	}
	if (data === undefined) return Buffer.alloc(0);
	if (attributes.get('datacontentencoding') === 'base64' && attributes.get('specversion') === '0.3') {
		attributes.delete('datacontentencoding');
		return Buffer.from(String(data), 'base64');
	}
	// The Go SDK treats exactly these types as JSON. Data of a +json type must therefore be a string, as on a cluster.
	const type = mediaType(attributes.get('datacontenttype') ?? '');
	if (type === '' || type === 'application/json' || type === 'text/json') {
		return Buffer.from(memberText(json, 'data') ?? '');
	}
	if (typeof data === 'string' || data === null) return Buffer.from(data ?? '');
	throw new InvalidEvent(`data of the type ${type} must be a string`);
}

/** @throws InvalidEvent if an attribute is missing or breaks a rule of CloudEvents 1.0. */
export function check({ attributes }: Event): void {
	for (const name of ['id', 'source', 'type']) {
		if (!attributes.has(name)) throw new InvalidEvent(`${name} is missing`);
	}
	const { source = '', dataschema, datacontenttype } = Object.fromEntries(attributes);
	if (!isUriReference(source)) throw new InvalidEvent(`source is "${source}", expected a URI reference`);
	if (dataschema !== undefined && !(hasScheme.test(dataschema) && isUriReference(dataschema))) {
		throw new InvalidEvent(`dataschema is "${dataschema}", expected an absolute URI`);
	}
	if (datacontenttype !== undefined && !isMediaType(datacontenttype)) {
		throw new InvalidEvent(
			`datacontenttype is "${datacontenttype.slice(0, 100)}", expected a media type of at most 1024 characters`,
		);
	}
}

const hasScheme = /^[a-z][a-z0-9+.-]*:/i;

function isUriReference(text: string): boolean {
	const colonFirst = /^[^/?#]*:/.test(text); // RFC 3986, section 4.2: it would read as a scheme
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are forbidden
	return !/[\x00-\x1f\x7f]|%(?![0-9a-f]{2})/i.test(text) && (!colonFirst || hasScheme.test(text));
}

/** Returns an event with some attributes set, or removed where the value is undefined. */
export function withAttributes({ attributes, data }: Event, changes: Record<string, string | undefined>): Event {
	const changed = new Map(attributes);
	for (const [name, value] of Object.entries(changes)) {
		if (value === undefined) changed.delete(name);
		else changed.set(name, value);
	}
	return { attributes: changed, data };
}

/** Knative always delivers in binary mode, also after a structured request. */
export function binaryHeaders({ attributes }: Event): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const [name, value] of attributes) {
		headers[name === 'datacontenttype' ? 'content-type' : `ce-${name}`] = toHeader(value);
	}
	return headers;
}
