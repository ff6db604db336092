import {
	type Attributes,
	attributeName,
	batchType,
	checkAttributes,
	InvalidEvent,
	mediaType,
	setAttribute,
	structuredType,
	versions,
} from './attributes.ts';
import { readStructured } from './structured.ts';

/**
 * A CloudEvent as sent over HTTP. Every attribute is a string, as in binary mode, which Knative uses internally too.
 * The data are the received bytes: the cloudevents package would parse and serialise them again.
 */
export interface Event {
	readonly attributes: Attributes;
	readonly data: Buffer;
}

/** Headers of a request or response, by lower-case name. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Returns the first value of a header that can occur more than once. Knative uses the first one too. */
export function header(headers: Headers, name: string): string | undefined {
	const value = headers[name];
	return typeof value === 'string' ? value : value?.[0];
}

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

/** Decodes a header value. Node reads headers as Latin-1, but the Go SDK sends UTF-8 bytes without percent-encoding. */
const fromHeader = (text: string): string => (isAscii(text) ? text : Buffer.from(text, 'latin1').toString('utf8'));
const toHeader = (text: string): string => (isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1'));
/** Most attributes are, and need no conversion. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are part of ASCII
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

function readBinary(headers: Headers, data: Buffer): Event {
	const attributes = new Map<string, string>();
	setAttribute(attributes, 'datacontenttype', fromHeader(header(headers, 'content-type') ?? ''));
	for (const field of Object.keys(headers)) {
		if (!field.startsWith('ce-')) continue;
		const name = attributeName(field.slice('ce-'.length));
		if (name === 'datacontenttype') throw new InvalidEvent('datacontenttype is sent as Content-Type in binary mode');
		setAttribute(attributes, name, fromHeader(header(headers, field) ?? ''));
	}
	return { attributes, data };
}

/** @throws InvalidEvent if an attribute is missing or breaks a rule of CloudEvents. */
export const check = ({ attributes }: Event): void => checkAttributes(attributes);

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
