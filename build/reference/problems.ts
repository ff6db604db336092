import { STATUS_CODES } from 'node:http';
import type { Json } from './schemas.ts';

interface Kind {
	/** When it is answered. */
	readonly description: string;
	/** As the field `detail` may say it. */
	readonly detail: string;
	readonly headers?: Json;
}

const text = (description: string): Json => ({ description, schema: { type: 'string' } });
const retryAfter = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } };

/** The problems that the functions answer with, by their statuses. */
const kinds: Readonly<Record<number, Kind>> = {
	400: {
		description: 'The body is not JSON, or the path is not percent-encoded UTF-8.',
		detail: 'The body is not JSON: Unexpected end of JSON input. Send a JSON object.',
	},
	401: {
		description: 'Nobody is signed in, or the access token is not valid any more.',
		detail: 'This needs somebody who is signed in. Send the header "Authorization: Bearer <access token>".',
		headers: { 'WWW-Authenticate': text('The challenge (RFC 6750, 3).') },
	},
	403: {
		description: 'Whoever is signed in may not do this.',
		detail: 'This needs an admin.',
	},
	404: {
		description: 'There is no such thing.',
		detail: 'There is no book 42. Perhaps it was deleted; get the list to see which ones exist.',
	},
	409: {
		description: 'It does not go together with how things are now.',
		detail: 'There are 2 copies of "Clean Code", and the order is for 3. Order fewer, or wait for new stock.',
	},
	413: {
		description: 'The body is too large.',
		detail: 'The body has 100001 bytes; this function takes at most 100000 bytes.',
	},
	415: {
		description: 'The body is not said to be JSON, or is compressed.',
		detail: 'The body is "text/plain"; send JSON with "Content-Type: application/json".',
	},
	422: {
		description: 'The request does not fit the schemas; `errors` names each field.',
		detail: 'The request is invalid: body.quantity: Too small: expected number to be >=1.',
	},
	429: {
		description: 'Too many of these, too fast.',
		detail: 'There were too many attempts. Try again in 60 seconds.',
		headers: retryAfter,
	},
	503: {
		description: 'What the function needs, or the function itself, is away for the moment.',
		detail: 'The database does not answer at the moment. Nothing was changed; try again shortly.',
		headers: retryAfter,
	},
};

/** `UnprocessableEntity` */
const nameOf = (status: number): string => (STATUS_CODES[status] ?? `Status ${status}`).replace(/\W/g, '');

/** Where an operation's response with this status is described. */
export const problemRef = (status: number): Json => ({ $ref: `#/components/responses/${nameOf(status)}` });

/** The responses of the document's components, for these statuses. @throws {Error} for one that nobody has described */
export const problemResponses = (statuses: ReadonlySet<number>): Json =>
	Object.fromEntries([...statuses].sort((a, b) => a - b).map((status) => [nameOf(status), responseOf(status)]));

function responseOf(status: number): Json {
	const kind = kinds[status];
	if (!kind)
		throw new Error(`a contract has a problem with status ${status}: describe it in build/reference/problems.ts`);
	const { description, detail, headers } = kind;
	const title = STATUS_CODES[status];
	const errors = [{ field: 'body.quantity', detail: 'Too small: expected number to be >=1' }];
	const example = {
		type: 'about:blank',
		title,
		status,
		detail,
		...(status === 422 ? { errors } : {}),
		traceId: '0af7651916cd43dd8448eb211c80319c',
	};
	return {
		description,
		...(headers ? { headers } : {}),
		content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example } },
	};
}

/** The body of every answer that is not a success (RFC 9457). */
export const problemSchema: Json = {
	type: 'object',
	description: 'What went wrong, for a person to read (RFC 9457).',
	properties: {
		type: { type: 'string', format: 'uri-reference', description: '`about:blank`: the status says it all.' },
		title: { type: 'string', description: 'The status in words.' },
		status: { type: 'integer' },
		detail: { type: 'string', description: 'What was found, what was wanted, what to do.' },
		errors: {
			type: 'array',
			description: 'Each field that is wrong, of the first twenty.',
			items: {
				type: 'object',
				properties: {
					field: { type: 'string', description: 'As `body.price`, `query.limit`, `params.id` or `headers.prefer`.' },
					detail: { type: 'string' },
				},
				required: ['field', 'detail'],
			},
		},
		traceId: { type: 'string', description: 'The W3C trace id under which the functions’ logs tell of this request.' },
	},
	required: ['type', 'title', 'status', 'detail', 'traceId'],
};
