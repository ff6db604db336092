import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { admit, type Identity } from '../auth/auth.ts';
import { databaseAway, isAway } from '../data/away.ts';
import { outcomeOf, withOutcome } from '../data/outcome.ts';
import { unstorable } from '../data/unstorable.ts';
import { type Answer, type Contract, type Input, isChange, type Operation } from '../declare/contract.ts';
import type { Declaration } from '../declare/declare.ts';
import { readNumerals } from '../fields/numeral.ts';
import { etagOf, isKnown } from '../files/etag.ts';
import { parseJson, readBody, textOf } from '../net/body.ts';
import type { Context } from '../serve/context.ts';
import { answerPreflight, answerProblem } from './answer.ts';
import { preferredType, vary } from './negotiation.ts';
import { conditional } from './precondition.ts';
import { type Fault, Problem } from './problem.ts';
import { hasBody, queryOf, requestUrl } from './request.ts';
import { allowed, type Match, Router } from './router.ts';
import { TextBody } from './text-body.ts';

/** The parts of a request that are not in the input, and of a response that are not in the body. */
export interface Exchange {
	/** The signed-in user. Always undefined in a `public` operation, always defined in one for `user` or `admin`. */
	readonly identity: Identity | undefined;
	/** The IP address of the connection: the client's, or the last proxy's. */
	readonly address: string;
	/** The request's path and query, for building links. */
	readonly url: URL;
	/** The media type that the client prefers: JSON, or one of the operation's alternatives. */
	readonly mediaType: string;
	/** Aborted when the client disconnects or the instance stops, to end a long response. */
	readonly signal: AbortSignal;
	header(name: string, value: string): void;
}

/** The return value of an operation: the declared body, or text if the operation has alternatives to JSON. */
type Reply<Op extends Operation> = Answer<Op> | (Op['alternatives'] extends readonly string[] ? TextBody : never);

/** The implementations of a contract's operations: each takes its validated input and returns the declared body. */
export type Operations<Ops extends Record<string, Operation>> = {
	readonly [Name in keyof Ops]: (
		input: Input<Ops[Name]>,
		context: Context,
		exchange: Exchange,
	) => Promise<Reply<Ops[Name]>> | Reply<Ops[Name]>;
};

/** Ties implementations to their contract. The types ensure that none is missing and each returns the declared body. */
export function implement<Ops extends Record<string, Operation>>(
	_contract: Contract<Ops>,
	operations: Operations<Ops>,
): Operations<Ops> {
	return operations;
}

/** A function of the signature `http` of functions-framework. It answers every request, whatever happens. */
export type HttpHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

type AnyOperation = (input: unknown, context: Context, exchange: Exchange) => unknown;

/** @param operations those of the contract, by name @throws {Error} when the function declares no contract */
export function httpFunction(
	{ api, aliases, name: fn, bodyLimit }: Declaration,
	operations: object,
	context: Context,
): HttpHandler {
	if (!api) throw new Error(`function "${fn}" has no HTTP: declare its api, or export "handle" from its http.ts`);
	const router = new Router(api, aliases);
	const implementations = operations as Record<string, AnyOperation>;
	const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
		const url = requestUrl(req.url);
		let found: Match | undefined;
		try {
			if (req.method === 'OPTIONS') return answerPreflight(res, allowed(router.at(url.pathname)));
			found = router.find(req.method ?? 'GET', url.pathname);
			const { name, operation, params } = found;
			const { access = 'public' } = operation;
			if (access !== 'public') {
				vary(res, 'authorization');
				res.setHeader('cache-control', 'private, no-cache');
			}
			const identity = await admit(access, req.headers.authorization, context);
			const query = operation.query && queryOf(url.search);
			const sent = operation.body && (await readJson(req, operation, bodyLimit));
			const input = validate(operation, { params, query, headers: req.headers, body: sent });
			let signal: AbortSignal | undefined;
			const exchange = {
				identity,
				address: req.socket.remoteAddress ?? '::',
				url,
				mediaType: preferredType(req, res, operation.alternatives),
				get signal() {
					signal ??= disconnected(res, context.stopping);
					return signal;
				},
				header: (key: string, value: string) => void res.setHeader(key, value),
			};
			const own = isChange(operation)
				? conditional(context, req.headers, reading(router.at(url.pathname), implementations, req, exchange))
				: context;
			const body = await (implementations[name] as AnyOperation)(input, own, exchange);
			if (context.config.env['CHECK_ANSWERS']) checkAnswer(name, operation, body);
			if (body instanceof TextBody) await sendText(req, res, operation, body);
			else send(req, res, operation, body);
		} catch (error) {
			if (!found || !isAway(error)) return answerProblem(res, error);
			const hasKey = req.headers['idempotency-key'] !== undefined;
			answerProblem(res, databaseAway(error, outcomeOf(api, found.operation, hasKey)));
		}
	};
	return (req, res) => withOutcome(() => answer(req, res));
}

/** Returns the function that reads the resource of a request as its GET does, or undefined if it has none. */
function reading(
	resource: readonly Match[],
	operations: Readonly<Record<string, AnyOperation>>,
	{ headers }: IncomingMessage,
	exchange: Exchange,
): ((context: Context) => Promise<unknown>) | undefined {
	const get = resource.find(({ operation }) => operation.method === 'GET');
	if (!get) return undefined;
	return async (context) => {
		const query = get.operation.query && queryOf(exchange.url.search);
		const input = validate(get.operation, { params: get.params, query, headers, body: undefined });
		const asJson = { ...exchange, mediaType: 'application/json', header: () => {} };
		return (operations[get.name] as AnyOperation)(input, context, asJson);
	};
}

/** Returns the JSON body. Without one, a 422 that names it helps more than a 415. @throws {Problem} 400, 413, 415 */
async function readJson(req: IncomingMessage, { exactNumbers }: Operation, limit: number): Promise<unknown> {
	if (!hasBody(req)) return undefined;
	const type = req.headers['content-type'];
	if (!/^application\/json\s*(;(?!.*charset="?(?!utf-8))|$)/i.test(type ?? '')) throw wrongType(type);
	const body = await readBody(req, limit);
	if (!body.length) return undefined;
	return exactNumbers ? readNumerals(textOf(body)) : parseJson(body);
}

function disconnected(res: ServerResponse, stopping: AbortSignal): AbortSignal {
	const gone = new AbortController();
	if (res.closed) gone.abort();
	res.once('close', () => gone.abort());
	return AbortSignal.any([gone.signal, stopping]);
}

const wrongType = (found: string | undefined): Problem =>
	new Problem(
		415,
		`The body is ${found ? `"${found}"` : 'without a content type'}; send JSON with "Content-Type: application/json".`,
	);

/** Validates a request and returns its input. @throws {Problem} 422 that names the invalid fields. */
function validate(operation: Operation, parts: Record<'params' | 'query' | 'headers' | 'body', unknown>): unknown {
	const errors: Fault[] = [];
	const input: Record<string, unknown> = {};
	for (const part of ['params', 'query', 'headers', 'body'] as const) {
		const schema: z.ZodType | undefined = operation[part];
		if (!schema) continue;
		const value = parts[part];
		const parsed = schema.safeParse(value);
		if (part === 'body' && value === undefined) errors.push({ field: part, detail: 'expected JSON, found no body' });
		else if (parsed.success) {
			input[part] = parsed.data;
			for (const fault of unstorable(part, parsed.data)) errors.push(fault);
		} else {
			const { issues } = parsed.error;
			for (const { path, message } of issues) errors.push({ field: [part, ...path].join('.'), detail: message });
			for (const fault of unstorable(part, validFields(schema, value, issues))) errors.push(fault);
		}
	}
	if (!errors.length) return input;
	// At most 20: reporting every item of an invalid list could take far more bytes than the request.
	const told = errors.slice(0, 20);
	const detail = told.map((fault) => `${fault.field}: ${fault.detail}`).join('; ');
	throw new Problem(422, `The request is invalid: ${detail}.`, { errors: told });
}

/** Returns the fields of an invalid object that are valid themselves. */
function validFields(schema: z.ZodType, value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
	if (!(schema instanceof z.ZodObject) || typeof value !== 'object' || value === null) return {};
	const invalid = new Set(issues.map(({ path }) => path[0]));
	return Object.fromEntries(
		Object.entries(value).filter(([name]) => Object.hasOwn(schema.shape, name) && !invalid.has(name)),
	);
}

/** Checks a response against its contract. In tests a violation becomes a 500. */
function checkAnswer(name: string, operation: Operation, body: unknown): void {
	if (body instanceof TextBody && operation.alternatives?.includes(body.mediaType)) return;
	const parsed = operation.returns?.safeParse(JSON.parse(JSON.stringify(body ?? null)));
	if (parsed && !parsed.success)
		throw new Error(`the response of ${name} violates its contract: ${parsed.error.message}`);
	if (!operation.returns && body !== undefined)
		throw new Error(`the response of ${name} has a body, but its contract declares none`);
}

/** Sends a success. A GET gets an ETag, so that a repeated request for unchanged content gets a short 304. */
function send(req: IncomingMessage, res: ServerResponse, operation: Operation, body: unknown): void {
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

async function sendText(
	req: IncomingMessage,
	res: ServerResponse,
	operation: Operation,
	body: TextBody,
): Promise<void> {
	res.writeHead(operation.status ?? 200, {
		'content-type': `${body.mediaType}; charset=utf-8`,
		'cache-control': 'no-store',
	});
	if (req.method === 'HEAD') {
		res.end();
		return;
	}
	try {
		await pipeline(body.pieces, res);
	} catch (error) {
		// The client has disconnected, which is not an error.
		if ((error as { code?: string }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
	}
}
