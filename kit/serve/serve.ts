import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { flushCompileCache } from 'node:module';
import type { AddressInfo } from 'node:net';
import { cloudEvent, type HttpFunction, http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { type Config, readConfig, tracing } from '../declare/config.ts';
import type { Operation } from '../declare/contract.ts';
import { type Declaration, routesOf, targetsOf } from '../declare/declare.ts';
import { type EventHandlers, eventFunction } from '../events/events.ts';
import { answerProblem } from '../http/answer.ts';
import { httpFunction, type Operations } from '../http/http.ts';
import { messageOf, Problem } from '../http/problem.ts';
import { log } from '../trace/log.ts';
import { collectSpans, flushSpans } from '../trace/span.ts';
import { Context } from './context.ts';
import { createFunctionServer, type Framework } from './server.ts';

/** What the files of a function's folder export, besides its declaration. */
export interface Room {
	/** `http.ts`: its operations by its contract, or, for the gateway, the whole of its HTTP. */
	readonly http?: {
		readonly operations?: object;
		readonly handle?: (context: Context) => HttpFunction;
		/** For `handle`: the largest body at a path, in bytes, where it is not the declared one at every path. */
		readonly bodyLimit?: (context: Context) => (pathname: string) => number;
	};
	/** `events.ts` */
	readonly events?: EventHandlers;
}

/**
 * A function's target as a server that does not yet listen: its handlers registered with the functions framework, whose
 * own server is used for its body parsing and CloudEvents, behind ours.
 * @throws {Error} when the target is none of the function's, or its folder lacks what the declaration promises.
 */
export function createServerFor(
	declaration: Declaration,
	room: Room,
	config: Config,
): { server: Server; context: Context } {
	const target = targetsOf(declaration).find(({ name }) => name === config.target);
	if (!target) {
		const names = targetsOf(declaration).map(({ name }) => name);
		throw new Error(`FUNCTION_TARGET is "${config.target}"; function "${declaration.name}" has ${names.join(' and ')}`);
	}
	checkReactions(declaration, room.events);
	const context = new Context(declaration, config);
	if (target.signature === 'cloudevent') cloudEvent(target.name, eventFunction(room.events ?? {}, context));
	else if (room.http?.handle) http(target.name, room.http.handle(context));
	else if (declaration.api)
		http(
			target.name,
			httpFunction(declaration.api, (room.http?.operations ?? {}) as Operations<Record<string, Operation>>, context),
		);
	const framework = getTestServer(target.name).listeners('request')[0] as Framework;
	const inner =
		target.signature === 'cloudevent' ? eventsOnly(framework) : room.http?.handle ? unread(framework) : framework;
	const bodyLimit = room.http?.bodyLimit?.(context) ?? (() => declaration.bodyLimit);
	return { server: createFunctionServer(inner, context, bodyLimit), context };
}

/**
 * Leaves a body to the function that handles its HTTP by itself, to read or pass on as it comes: the framework would keep
 * all of it in memory, and parse it. What says that it is finished its parsers take for read.
 */
function unread(framework: Framework): Framework {
	return (req, res, next) => {
		// The listener that counts a body of no stated length would let it flow by before the function is there.
		req.pause();
		framework(Object.assign(req, { finished: true }), res, next);
	};
}

/**
 * The framework takes any POST for a CloudEvent; this lets only those by that speak the HTTP binding (CloudEvents 1.0) and
 * whose data, if they have any, are JSON.
 */
function eventsOnly(framework: Framework): Framework {
	return (req, res, next) => {
		const refuse = (status: number, detail: string, headers = {}): void =>
			answerProblem(res, new Problem(status, detail, { headers }));
		const type = req.headers['content-type'];
		const structured = /^application\/cloudevents\+json/.test(type ?? '');
		if (req.method !== 'POST') refuse(405, `${req.method} is not possible here; events are POSTed.`, { allow: 'POST' });
		else if (!structured && !req.headers['ce-specversion'])
			refuse(400, 'This is no CloudEvent: it has neither a ce-specversion header nor the structured type.');
		else if (type !== undefined && !structured && !/^application\/json/.test(type))
			refuse(415, `The event's data are ${type}; here they are application/json.`);
		else {
			// Of an event without data, as a PingSource sends it, the framework would look for properties in undefined.
			(req as { body?: unknown }).body = {};
			framework(req, res, next);
		}
	};
}

function checkReactions({ name, reacts }: Declaration, events: EventHandlers | undefined): void {
	const declared = [...reacts].sort().join(', ');
	const handled = Object.keys(events?.reactions ?? {})
		.sort()
		.join(', ');
	if (declared !== handled)
		throw new Error(
			`function "${name}" declares that it reacts to [${declared}], but its events.ts handles [${handled}]`,
		);
}

/** The entry of every bundle: serves the target that the environment names, until it is told to stop. */
export async function serve(declaration: Declaration, room: Room): Promise<void> {
	// When the reader of the log is gone, logging that error would fail again, without end: Node's domain, which the
	// framework uses, catches it each time.
	for (const output of [process.stdout, process.stderr]) output.on('error', () => process.exit(1));
	try {
		if (process.env['PRIME_COMPILE_CACHE']) return await prime(declaration, room);
		const { server, context } = createServerFor(declaration, room, readConfig(declaration));
		await collectSpans(context.config.env[tracing], context.config.target);
		server.listen({ port: context.config.port, ...(context.config.host ? { host: context.config.host } : {}) });
		server.once('error', fail);
		server.once('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }));
		const stop = stopOf(server, context);
		for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
		// On the laptop the parent holds a channel; it closes when the parent dies, however it dies, and nobody is left to wait for.
		process.once('disconnect', () => {
			setTimeout(() => process.exit(1), 1_000).unref();
			void stop();
		});
	} catch (error) {
		fail(error);
	}
}

function fail(error: unknown): never {
	log.error(messageOf(error), { error });
	process.exit(1);
}

/**
 * How long an instance that stops goes on publishing, in milliseconds: the default Broker gives up an event's deliveries,
 * retries and dead letters included, when its publisher hangs up. Within the 300 s that Kubernetes grants a revision.
 */
const publishing = 280_000;

/**
 * How this process stops, once however often it is told: accepts no more, finishes what runs, closes the pool, and exits.
 * Knative sends SIGTERM when it scales down. From then on each answer ends its connection, which would else be kept open.
 */
function stopOf(server: Server, context: Context): () => Promise<void> {
	const running = new Set<ServerResponse>();
	const { stopping } = context;
	server.prependListener('request', (_req, res) => {
		running.add(res);
		res.once('close', () => {
			running.delete(res);
			// A stream had sent its headers before, so its connection is kept.
			if (stopping.aborted) setImmediate(() => server.closeIdleConnections());
		});
		if (stopping.aborted) res.setHeader('connection', 'close');
	});
	return async () => {
		if (stopping.aborted) return;
		context.stop();
		for (const res of running) if (!res.headersSent) res.setHeader('connection', 'close');
		const closed = new Promise((resolve) => server.close(resolve));
		server.closeIdleConnections();
		await closed;
		await context.close(publishing);
		await flushSpans();
		process.exit(0);
	};
}

/**
 * At the build of an image: runs the way of a request once, in each of the function's targets, so that its code is in the
 * compile cache, and ends. Nothing else is there at that time; what the request needs of it fails, which is of no concern.
 */
async function prime(declaration: Declaration, room: Room): Promise<void> {
	const nowhere = 'localhost:1';
	const absent = {
		DATABASE_URL: `postgresql://${nowhere}`,
		K_SINK: `http://${nowhere}`,
		FUNCTION_URLS: '{}',
		ROUTES: '{}',
		FUNCTIONS: '[]',
	};
	const event = {
		'ce-specversion': '1.0',
		'ce-id': '1',
		'ce-source': '/prime',
		'ce-type': declaration.reacts[0] ?? 'prime',
		'content-type': 'application/json',
	};
	for (const { name, signature } of targetsOf(declaration)) {
		const { server } = createServerFor(
			declaration,
			room,
			readConfig(declaration, { ...absent, FUNCTION_TARGET: name }),
		);
		await once(server.listen(0, 'localhost'), 'listening');
		const url = `http://localhost:${(server.address() as AddressInfo).port}${routesOf(declaration)[0] ?? '/'}`;
		await fetch(url, signature === 'http' ? {} : { method: 'POST', headers: event, body: '{}' });
	}
	flushCompileCache();
	process.exit(0);
}
