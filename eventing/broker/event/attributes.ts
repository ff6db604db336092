import { normalUri } from '../uri.ts';
import { isMediaType } from './media-type.ts';
import { normalTime } from './timestamp.ts';

/** Context attributes and extensions by name, as text: also `specversion`, and the content type as `datacontenttype`. */
export type Attributes = ReadonlyMap<string, string>;

export class InvalidEvent extends Error {
	override name = 'InvalidEvent';
}

export const versions = new Set(['1.0', '0.3']);

/** The longest attribute in characters. Knative's parts send each other headers, and accept 1 MiB of them. */
const longest = 1024 * 1024;

/** The attributes of CloudEvents 1.0. All others are extensions. */
export const contextAttributes = new Set([
	'specversion',
	'id',
	'source',
	'type',
	'subject',
	'time',
	'dataschema',
	'datacontenttype',
]);

/**
 * Sets an attribute in the form in which it leaves Knative's broker, whose parts pass it on as a header: without spaces
 * around, and a URI or a time in Go's form.
 * @throws InvalidEvent if it has no such form
 */
export function setAttribute(attributes: Map<string, string>, name: string, text: string): void {
	if (text.length > longest)
		throw new InvalidEvent(`${name} is ${quote(text)}, expected at most ${longest} characters`);
	const value = normal(name, text);
	// Go's HTTP client sends no header with a control character. Knative's ingress then answers 500.
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are forbidden
	if (value === undefined || /[\x00-\x08\x0a-\x1f\x7f]/.test(value)) {
		throw new InvalidEvent(`${name} is ${quote(text)}, expected ${expectation(name)}`);
	}
	// An empty context attribute counts as missing; an extension can be empty.
	if (value !== '' || !(contextAttributes.has(name) || name === 'schemaurl')) attributes.set(name, value);
}

function normal(name: string, text: string): string | undefined {
	switch (name) {
		case 'time':
			return normalTime(text);
		case 'source':
			return normalUri(text);
		case 'dataschema':
		case 'schemaurl':
			return normalUri(text.trim());
		default:
			return text.trim();
	}
}

function expectation(name: string): string {
	if (name === 'time') return 'RFC 3339';
	return ['source', 'dataschema', 'schemaurl'].includes(name) ? 'a URI reference' : 'no control characters';
}

/** @throws InvalidEvent if the text has other characters than letters and digits */
export function attributeName(text: string): string {
	if (text === '' || /[^a-z0-9]/i.test(text))
		throw new InvalidEvent(`${quote(text)} is not an attribute name: expected letters and digits only`);
	return text.toLowerCase();
}

/** @throws InvalidEvent if an attribute is missing or breaks a rule of CloudEvents. */
export function checkAttributes(attributes: Attributes): void {
	for (const name of ['id', 'source', 'type']) {
		if (!attributes.has(name)) throw new InvalidEvent(`${name} is missing`);
	}
	const dataschema = attributes.get('dataschema');
	if (dataschema !== undefined && !/^[a-z][a-z\d+.-]*:/.test(dataschema)) {
		throw new InvalidEvent(`dataschema is ${quote(dataschema)}, expected an absolute URI`);
	}
	if (dataschema !== undefined && attributes.get('specversion') === '0.3') {
		throw new InvalidEvent('dataschema is set, expected schemaurl in CloudEvents 0.3');
	}
	const type = attributes.get('datacontenttype');
	if (type === undefined) return;
	if (!isMediaType(type)) {
		throw new InvalidEvent(`datacontenttype is ${quote(type)}, expected a media type of at most 1024 characters`);
	}
	// Events travel in binary mode, where this content type would mean structured mode. Knative answers 500.
	if (isEventFormat(type)) throw new InvalidEvent(`datacontenttype is ${quote(type)}, expected the type of the data`);
}

const quote = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);

export const structuredType = 'application/cloudevents+json';
export const batchType = 'application/cloudevents-batch+json';

/** Returns a content type without its parameters. */
export const mediaType = (contentType: string): string => contentType.split(';', 1)[0]?.trim() ?? '';

const isEventFormat = (type: string): boolean => [structuredType, batchType].includes(mediaType(type).toLowerCase());
