import type * as z from 'zod';
import type { EventType } from '../../eventing/catalog/catalog.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * The callers of an operation: everyone (`public`); everyone, with a different result for signed-in users (`optional`);
 * signed-in users (`user`); or admins (`admin`).
 */
export type Access = 'public' | 'optional' | 'user' | 'admin';

/**
 * One operation of a function's HTTP interface, as data: its request, its responses and its problems.
 * The kit validates requests against it and answers 422 with the invalid fields; tests validate the responses too. The
 * API reference shows it, with the documentation in its schemas: `.describe('…')` of a field, and
 * `.meta({ id: 'Book', examples: [{ … }] })`. Bodies, responses and path parameters need an example of the data sent.
 */
export interface Operation {
	readonly method: Method;
	/** The path below the contract's base, with parameters as `:name`, e.g. `/:id`. */
	readonly path: string;
	readonly summary: string;
	/** `public` by default. */
	readonly access?: Access;
	readonly params?: z.ZodObject;
	readonly query?: z.ZodObject;
	/** The request headers that the operation reads, by their lower-case names. */
	readonly headers?: z.ZodObject;
	/** The JSON body; an operation without this schema ignores the body. */
	readonly body?: z.ZodType;
	/** Passes numbers to the schema of the body as text, with all their digits, instead of rounded to doubles. */
	readonly exactNumbers?: boolean;
	/** The status of a success: by default 200, or 204 without a body. */
	readonly status?: number;
	/** The body of a success; without this schema there is none. */
	readonly returns?: z.ZodType;
	/** The text media types that a client can request in `Accept` instead of JSON. */
	readonly alternatives?: readonly `text/${string}`[];
	/** The functions that it calls. */
	readonly calls?: readonly string[];
	/** The types of events that it emits. The functions that react to them are woken ahead, as are those that it calls. */
	readonly emits?: readonly EventType[];
	/** The statuses of the problems of this operation. Every operation can also answer 405, 412, 413, 415, 422 and 503. */
	readonly problems?: readonly number[];
}

export interface Contract<
	Operations extends Record<string, Operation> = Record<string, Operation>,
	Base extends string = string,
> {
	/** The public path that all operations share, e.g. `/api/books`. */
	readonly base: Base;
	readonly operations: Operations;
}

export function contract<const Operations extends Record<string, Operation>, const Base extends `/${string}`>(
	base: Base,
	operations: Operations,
): Contract<Operations, Base> {
	return { base, operations };
}

/** Returns whether an operation changes a resource, so that it honours `If-Match` and `If-None-Match` (RFC 9110, 13.1). */
export const isChange = ({ method }: Operation): boolean =>
	method === 'PUT' || method === 'PATCH' || method === 'DELETE';

type Output<Schema, None> = Schema extends z.ZodType ? z.output<Schema> : None;
type Raw<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined;

/** The input of an operation's implementation: the validated parts of the request. */
export interface Input<Op extends Operation> {
	readonly params: Output<Op['params'], Record<string, never>>;
	readonly query: Output<Op['query'], Record<string, never>>;
	readonly headers: Output<Op['headers'], Record<string, never>>;
	readonly body: Output<Op['body'], undefined>;
}

/** The parts of a request as the caller sends them, before defaults are filled in. */
export interface Arguments<Op extends Operation> {
	readonly params?: Raw<Op['params']>;
	readonly query?: Raw<Op['query']>;
	readonly body?: Raw<Op['body']>;
}

/** The body of an operation's response, in its JSON form. */
export type Answer<Op extends Operation> = Op['returns'] extends z.ZodType ? z.output<Op['returns']> : undefined;
