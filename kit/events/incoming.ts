import * as z from 'zod';
import { unstorable } from '../data/unstorable.ts';
import { Problem } from '../http/problem.ts';

/** The attributes of an event, without `datacontenttype`. */
interface EventAttributes {
	readonly id: string;
	readonly source: string;
	readonly type: string;
	readonly subject?: string | undefined;
	readonly [extension: string]: unknown;
}

/** An event as it arrived. */
export interface IncomingEvent extends EventAttributes {
	readonly data?: unknown;
}

/** A URI reference has no other characters (RFC 3986, 2), and a percent sign only begins an encoded byte. */
const uri = /^(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9a-f]{2})+$/i;
/** Not those from U+0080 on: Node reads UTF-8 in a header byte by byte, so that they can be parts of another character. */
const control = /(?![\u0080-\u009f])\p{Cc}/u;
/** A text without control characters or halves of surrogate pairs (CloudEvents 1.0, "Type System"). */
const text = z
	.string()
	.refine((value) => value.isWellFormed() && !control.test(value), 'expected no control characters');
const attribute = text.min(1, 'expected a value, found an empty text');

/** The attributes of CloudEvents 1.0, and extensions. */
const Attributes = z
	.object({
		specversion: z.literal('1.0'),
		id: attribute,
		source: attribute.refine(
			(text) => uri.test(text) && URL.canParse(text, 'http://host/'),
			'expected a URI reference',
		),
		type: attribute,
		subject: attribute.optional(),
		time: z.iso.datetime({ offset: true, error: 'expected a time of RFC 3339' }).optional(),
		dataschema: attribute.refine((text) => uri.test(text) && URL.canParse(text), 'expected an absolute URI').optional(),
	})
	.catchall(z.union([text, z.boolean(), z.int32()]).transform(String));

const refused = (detail: string): Problem => new Problem(400, `This is not a valid CloudEvent: ${detail}.`);

/**
 * Reads a CloudEvent with JSON data, in binary or structured mode (CloudEvents 1.0, HTTP protocol binding).
 * @param headers all values of each header
 * @throws {Problem} 400, or 415 for another media type, so that a Broker does not retry the event
 */
export function readEvent(headers: NodeJS.Dict<readonly string[]>, body: Buffer): IncomingEvent {
	const event = parts(headers, body);
	// The outbox cannot have it, and Postgres could not even search for it.
	for (const { field, detail } of unstorable('data', event.data)) throw refused(`${field}: ${detail}`);
	return event;
}

function parts(headers: NodeJS.Dict<readonly string[]>, body: Buffer): IncomingEvent {
	const inHeaders = Object.entries(headers).filter(([name]) => name.startsWith('ce-'));
	for (const [name, values] of [...inHeaders, ['content-type', headers['content-type']] as const])
		if (values && values.length > 1) throw refused(`expected one header ${name}, found ${values.length}`);
	const contentType = headers['content-type']?.[0];
	const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
	// Structured events can repeat their attributes as headers, which then do not count (3.2).
	if (mediaType === 'application/cloudevents+json') return readStructured(body);
	if (mediaType?.startsWith('application/cloudevents'))
		throw new Problem(
			415,
			`The event is sent as "${mediaType}"; expected a single event in application/cloudevents+json.`,
		);
	if (!headers['ce-specversion'])
		throw refused('expected a ce-specversion header or the type application/cloudevents+json');
	const attributes = checked(
		Object.fromEntries(inHeaders.map(([name, values]) => [name.slice(3), values?.[0]])),
		'ce-',
	);
	if (body.length && mediaType !== 'application/json')
		throw new Problem(
			415,
			`The event's data are ${contentType ?? 'without a content type'}; expected application/json.`,
		);
	return { ...attributes, data: body.length ? parsed(body) : undefined };
}

function readStructured(body: Buffer): IncomingEvent {
	const members = parsed(body);
	if (typeof members !== 'object' || members === null || Array.isArray(members))
		throw refused('expected a JSON object');
	const { data, data_base64, datacontenttype = 'application/json', ...rest } = members as Record<string, unknown>;
	if (data_base64 !== undefined || !/^application\/json\s*(;|$)/i.test(String(datacontenttype)))
		throw new Problem(415, 'The event’s data are not JSON; expected them in the member "data".');
	// A member that is null is not there (CloudEvents 1.0, JSON format, 2.2).
	const present = Object.entries(rest).filter(([, value]) => value !== null);
	return { ...checked(Object.fromEntries(present), ''), data };
}

function checked(attributes: Record<string, unknown>, prefix: string): EventAttributes {
	const odd = Object.keys(attributes).find((name) => !/^[a-z0-9]+$/.test(name));
	if (odd !== undefined) throw refused(`"${prefix}${odd}" is not the name of an attribute`);
	const { success, data, error } = Attributes.safeParse(attributes);
	if (success) return data;
	throw refused(error.issues.map(({ path, message }) => `${prefix}${path.join('.')}: ${message}`).join('; '));
}

function parsed(body: Buffer): unknown {
	try {
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
	} catch (error) {
		throw refused(`the body is not JSON in UTF-8: ${(error as Error).message}`);
	}
}
