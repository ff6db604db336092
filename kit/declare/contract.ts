import type * as z from 'zod';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call an operation: anyone (`public`), anyone, but it does something else for who is signed in (`optional`),
 * whoever is signed in (`user`), or an admin.
 */
export type Access = 'public' | 'optional' | 'user' | 'admin';

/**
 * One operation of a function's HTTP interface, as data: what it takes, what it answers, what can go wrong.
 * The kit validates requests against it and answers 422 with each field named; tests validate the answers too. The API
 * reference shows it, with what its schemas say of themselves: `.describe('…')` of a field, and
 * `.meta({ id: 'Book', examples: [{ … }] })`. Bodies, answers and path parameters have an example, of what is sent.
 */
export interface Operation {
	readonly method: Method;
	/** Below the contract's base; parameters as `:name`, e.g. `/:id`. */
	readonly path: string;
	readonly summary: string;
	/** `public` unless said. */
	readonly access?: Access;
	readonly params?: z.ZodObject;
	readonly query?: z.ZodObject;
	/** Request headers that mean something here, by their lower-case names. */
	readonly headers?: z.ZodObject;
	/** The JSON body; an operation without one ignores what is sent. */
	readonly body?: z.ZodType;
	/** The schema of the body is given its numbers as the texts they were written in, not rounded to doubles. */
	readonly exactNumbers?: boolean;
	/** The status of success: 200 unless said. */
	readonly status?: number;
	/** The body of success; none where it is left out. */
	readonly returns?: z.ZodType;
	/** Media types of text that success can also be had as, in place of JSON, for whoever asks with `Accept`. */
	readonly alternatives?: readonly `text/${string}`[];
	/** The statuses of the problems particular to this operation; 405, 413, 415, 422 and 503 go without saying. */
	readonly problems?: readonly number[];
}

export interface Contract<
	Operations extends Record<string, Operation> = Record<string, Operation>,
	Base extends string = string,
> {
	/** The public path all operations lie below, e.g. `/api/books`. */
	readonly base: Base;
	readonly operations: Operations;
}

export function contract<const Operations extends Record<string, Operation>, const Base extends `/${string}`>(
	base: Base,
	operations: Operations,
): Contract<Operations, Base> {
	return { base, operations };
}

type Output<Schema, None> = Schema extends z.ZodType ? z.output<Schema> : None;
type Raw<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined;

/** What an operation's implementation is given: the validated parts of the request. */
export interface Input<Op extends Operation> {
	readonly params: Output<Op['params'], Record<string, never>>;
	readonly query: Output<Op['query'], Record<string, never>>;
	readonly headers: Output<Op['headers'], Record<string, never>>;
	readonly body: Output<Op['body'], undefined>;
}

/** What a caller of the operation sends, before the defaults are filled in. */
export interface Arguments<Op extends Operation> {
	readonly params?: Raw<Op['params']>;
	readonly query?: Raw<Op['query']>;
	readonly body?: Raw<Op['body']>;
}

/** What an operation answers with, as JSON carries it. */
export type Answer<Op extends Operation> = Op['returns'] extends z.ZodType ? z.output<Op['returns']> : undefined;
