import { pipeline } from 'node:stream/promises';
import type { HttpFunction } from '@google-cloud/functions-framework';
import type * as z from 'zod';
import { admit, type Identity } from '../auth/auth.ts';
import { databaseAway, isAway } from '../data/database.ts';
import { unstorable } from '../data/unstorable.ts';
import type { Answer, Contract, Input, Operation } from '../declare/contract.ts';
import { etagOf, isKnown } from '../files/etag.ts';
import type { Context } from '../serve/context.ts';
import { answerProblem } from './answer.ts';
import { readNumerals } from './numeral.ts';
import { answerPreflight } from './preflight.ts';
import { type Fault, Problem } from './problem.ts';
import { requestUrl } from './request-url.ts';
import { allowed, Router } from './router.ts';
import { Text } from './text.ts';

/** What an operation is told of its request beyond its input, and may say of its answer beyond its body. */
export interface Exchange {
	/** Who asks, if signed in; never told to a `public` operation, and always there in one that is for `user` or `admin`. */
	readonly identity: Identity | undefined;
	/** The address that the request came from: its sender's, or that of the last proxy. */
	readonly address: string;
	/** The request's own path and query, to make links from. */
	readonly url: URL;
	/** What the request would rather have: JSON, or one of the operation's alternatives. */
	readonly mediaType: string;
	/** Aborted when the caller has gone, or the instance is told to stop: for an answer that would go on and on. */
	readonly signal: AbortSignal;
	/** Sets a header of the answer. */
	header(name: string, value: string): void;
}

/** What an operation may answer with: the declared body, or text if it has alternatives to JSON. */
type Reply<Op extends Operation> = Answer<Op> | (Op['alternatives'] extends readonly string[] ? Text : never);

/** The implementations of a contract's operations: each takes its validated input and answers with the declared body. */
export type Operations<Ops extends Record<string, Operation>> = {
	readonly [Name in keyof Ops]: (
		input: Input<Ops[Name]>,
		context: Context,
		exchange: Exchange,
	) => Promise<Reply<Ops[Name]>> | Reply<Ops[Name]>;
};

/** Ties implementations to their contract; the types see to it that none is missing and each answers what it should. */
export function implement<Ops extends Record<string, Operation>>(
	_contract: Contract<Ops>,
	operations: Operations<Ops>,
): Operations<Ops> {
	return operations;
}

type AnyOperation = (input: unknown, context: Context, exchange: Exchange) => unknown;

/** The function of the functions framework that serves a contract. */
export function httpFunction(
	contract: Contract,
	operations: Operations<Record<string, Operation>>,
	context: Context,
): HttpFunction {
	const router = new Router(contract, context.declaration.aliases);
	return async (req, res) => {
		const url = requestUrl(req.originalUrl);
		try {
			if (req.method === 'OPTIONS') {
				answerPreflight(res, allowed(router.at(url.pathname)));
				return;
			}
			const { name, operation, params } = router.find(req.method, url.pathname);
			const { access = 'public' } = operation;
			if (access !== 'public') res.vary('authorization').setHeader('cache-control', 'private, no-cache');
			const identity = await admit(access, req.headers.authorization, context);
			if (operation.body && hasBody(req) && !req.is('application/json')) throw wrongType(req.headers['content-type']);
			const query = queryOf(url.searchParams);
			const sent = operation.exactNumbers && req.rawBody ? readNumerals(req.rawBody) : (req.body ?? {});
			const input = validate(operation, { params, query, headers: req.headers, body: sent });
			const exchange = {
				identity,
				address: req.socket.remoteAddress ?? '::',
				url,
				mediaType: preferred(req, res, operation),
				get signal() {
					const gone = new AbortController();
					if (res.closed) gone.abort();
					res.once('close', () => gone.abort());
					return AbortSignal.any([gone.signal, context.stopping]);
				},
				header: (key: string, value: string) => void res.setHeader(key, value),
			};
			const body = await (operations[name] as AnyOperation)(input, context, exchange);
			if (context.config.env['CHECK_ANSWERS']) checkAnswer(name, operation, body);
			if (body instanceof Text) await sendText(req, res, operation, body);
			else send(req, res, operation, body);
		} catch (error) {
			answerProblem(res, isAway(error) ? databaseAway(error) : error);
		}
	};
}

/** A parameter that is given more than once is a list: what takes no list refuses it, rather than pick one. */
function queryOf(params: URLSearchParams): Record<string, unknown> {
	return Object.fromEntries(
		[...new Set(params.keys())].map((name) => {
			const values = params.getAll(name);
			return [name, values.length > 1 ? values : values[0]];
		}),
	);
}

/** Who wants nothing that there is gets JSON all the same (RFC 9110, 12.4.1). */
function preferred(req: Request, res: Response, { alternatives }: Operation): string {
	const json = 'application/json';
	if (!alternatives) return json;
	res.vary('accept');
	return req.accepts([json, ...alternatives]) || json;
}

/** A request without a body is told which fields it lacks, rather than what type nothing is of. */
const hasBody = ({ headers }: Request): boolean =>
	headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const wrongType = (found: string | undefined): Problem =>
	new Problem(
		415,
		`The body is ${found ? `"${found}"` : 'of no stated type'}; send JSON with "Content-Type: application/json".`,
	);

/** @throws {Problem} 422 that names each field that is wrong. */
function validate(operation: Operation, parts: Record<'params' | 'query' | 'headers' | 'body', unknown>): unknown {
	const errors: Fault[] = [];
	const input: Record<string, unknown> = {};
	for (const part of ['params', 'query', 'headers', 'body'] as const) {
		const schema: z.ZodType | undefined = operation[part];
		if (!schema) continue;
		const parsed = schema.safeParse(parts[part]);
		if (parsed.success) {
			input[part] = parsed.data;
			for (const fault of unstorable(part, parsed.data)) errors.push(fault);
		} else
			for (const { path, message } of parsed.error.issues)
				errors.push({ field: [part, ...path].join('.'), detail: message });
	}
	if (!errors.length) return input;
	// A list may be wrong from end to end, and to tell of it all would take far more than it did to send it.
	const told = errors.slice(0, 20);
	const detail = told.map((fault) => `${fault.field}: ${fault.detail}`).join('; ');
	throw new Problem(422, `The request does not fit ${operation.method} here: ${detail}.`, { errors: told });
}

/** In tests an answer that breaks the contract is a fault of ours, and so a 500. */
function checkAnswer(name: string, operation: Operation, body: unknown): void {
	if (body instanceof Text && operation.alternatives?.includes(body.mediaType)) return;
	const parsed = operation.returns?.safeParse(JSON.parse(JSON.stringify(body ?? null)));
	if (parsed && !parsed.success)
		throw new Error(`${name} answered what its contract does not allow: ${parsed.error.message}`);
	if (!operation.returns && body !== undefined) throw new Error(`${name} answered a body, but its contract has none`);
}

type Request = Parameters<HttpFunction>[0];
type Response = Parameters<HttpFunction>[1];

/** A success. What is read gets an ETag, so that whoever asks again is told in a few bytes that nothing changed. */
function send(req: Request, res: Response, operation: Operation, body: unknown): void {
	if (body === undefined) {
		res.writeHead(operation.status ?? 204).end();
		return;
	}
	const text = JSON.stringify(body);
	res.setHeader('content-type', 'application/json; charset=utf-8');
	if (operation.method === 'GET') {
		const etag = etagOf(text);
		res.setHeader('etag', etag);
		if (!res.hasHeader('cache-control')) res.setHeader('cache-control', 'no-cache');
		if (isKnown(req, etag)) {
			res.writeHead(304).end();
			return;
		}
	}
	res.writeHead(operation.status ?? 200, { 'content-length': Buffer.byteLength(text) }).end(text);
}

async function sendText(req: Request, res: Response, operation: Operation, { mediaType, pieces }: Text): Promise<void> {
	res.writeHead(operation.status ?? 200, {
		'content-type': `${mediaType}; charset=utf-8`,
		'cache-control': 'no-store',
	});
	if (req.method === 'HEAD') {
		res.end();
		return;
	}
	try {
		await pipeline(pieces, res);
	} catch (error) {
		// Whoever asked has gone, which is no fault.
		if ((error as { code?: string }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
	}
}
