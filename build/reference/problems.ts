import { STATUS_CODES } from 'node:http';
import type { Json } from './schemas.ts';

interface Kind {
	readonly description: string;
	/** An example. */
	readonly detail: string;
	readonly headers?: Json;
}

const retryAfter = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } };

/** The problems that functions respond with, by status. */
const kinds: Readonly<Record<number, Kind>> = {
	400: {
		description: 'The body is not JSON, or the path is not percent-encoded UTF-8.',
		detail: 'The body is not JSON: Unexpected end of JSON input. Send a JSON object.',
	},
	401: {
		description: 'The access token is missing, invalid or expired.',
		detail: 'This requires a signed-in user. Send the header "Authorization: Bearer <access token>".',
		headers: { 'WWW-Authenticate': { description: 'The challenge (RFC 6750, 3).', schema: { type: 'string' } } },
	},
	403: {
		description: 'The signed-in user is not allowed to do this.',
		detail: 'This requires an admin.',
	},
	404: {
		description: 'The resource does not exist.',
		detail: 'There is no book 42. Perhaps it was deleted; get the list to see which ones exist.',
	},
	409: {
		description: 'The request conflicts with the current state.',
		detail: '2 copies of "Clean Code" are in stock, and the order is for 3. Order fewer, or wait for new stock.',
	},
	412: {
		description: 'The resource has another version than `If-Match` or `If-None-Match` expects (RFC 9110, 13.1).',
		detail:
			'The resource is not in the version that If-Match or If-None-Match expects, so nothing was changed. Get it again, apply your change to it, and send its new ETag.',
	},
	413: {
		description: 'The body is too large.',
		detail: 'The body has 100001 bytes; this function accepts at most 100000 bytes.',
	},
	415: {
		description: 'The Content-Type is not JSON, or the body is compressed.',
		detail: 'The body is "text/plain"; send JSON with "Content-Type: application/json".',
	},
	422: {
		description: 'The request does not match the schemas; `errors` names each invalid field.',
		detail: 'The request is invalid: body.lines.0.quantity: Too small: expected number to be >=1.',
	},
	429: {
		description: 'Too many requests of this kind in a short time.',
		detail: 'There were too many attempts. Try again in 60 seconds.',
		headers: retryAfter,
	},
	503: {
		description: 'The function, or a service it needs, is temporarily unavailable.',
		detail: 'The database does not answer at the moment. Nothing was changed; try again shortly.',
		headers: retryAfter,
	},
};

/** `UnprocessableEntity`, for instance. */
const nameOf = (status: number): string => (STATUS_CODES[status] ?? `Status ${status}`).replace(/\W/g, '');

export const problemRef = (status: number): Json => ({ $ref: `#/components/responses/${nameOf(status)}` });

/** Returns the component responses for these statuses. @throws {Error} for a status without a description */
export const problemResponses = (statuses: ReadonlySet<number>): Json =>
	Object.fromEntries([...statuses].sort((a, b) => a - b).map((status) => [nameOf(status), responseOf(status)]));

function responseOf(status: number): Json {
	const kind = kinds[status];
	if (!kind)
		throw new Error(
			`a contract declares a problem with status ${status}, which has no description: add it to build/reference/problems.ts`,
		);
	const { description, detail, headers } = kind;
	const errors = [{ field: 'body.lines.0.quantity', detail: 'Too small: expected number to be >=1' }];
	const example = {
		type: 'about:blank',
		title: STATUS_CODES[status],
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

/** The schema of every error response (RFC 9457). */
export const problemSchema: Json = {
	type: 'object',
	description: 'An error in words (RFC 9457).',
	properties: {
		type: { type: 'string', format: 'uri-reference', description: '`about:blank`: the status is the type.' },
		title: { type: 'string', description: 'The status in words.' },
		status: { type: 'integer' },
		detail: { type: 'string', description: 'The value found, the value expected and the remedy.' },
		errors: {
			type: 'array',
			description: 'The invalid fields, at most twenty.',
			items: {
				type: 'object',
				properties: {
					field: {
						type: 'string',
						description: 'For example `body.price`, `query.limit`, `params.id` or `headers.prefer`.',
					},
					detail: { type: 'string' },
				},
				required: ['field', 'detail'],
			},
		},
		traceId: { type: 'string', description: 'The W3C trace id of this request in the functions’ logs.' },
	},
	required: ['type', 'title', 'status', 'detail', 'traceId'],
};
