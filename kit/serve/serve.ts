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

/** The exports of a function's folder, besides its declaration. */
export interface Room {
	/** `http.ts`: the operations of its contract, or `handle` for a function that handles all HTTP itself. */
	readonly http?: {
		readonly operations?: object;
		readonly handle?: (context: Context) => HttpFunction;
		/** For `handle`: returns the largest body at a path, in bytes. By default it is the declared one at every path. */
		readonly bodyLimit?: (context: Context) => (pathname: string) => number;
	};
	/** `events.ts` */
	readonly events?: EventHandlers;
}

/**
 * Creates the server of a function's target; it does not listen yet. The handlers are registered with the functions
 * framework. Its server parses bodies and CloudEvents, behind our own server.
 * @throws {Error} when the function does not have the target, or `events.ts` does not handle the declared event types.
 */
export function createServerFor(
	declaration: Declaration,
	room: Room,
	config: Config,
): { server: Server; context: Context } {
	const target = targetsOf(declaration).find(({ name }) => name === config.target);
	if (!target) {
		const names = targetsOf(declaration).map(({ name }) => name);
		throw new Error(
			`FUNCTION_TARGET is "${config.target}"; function "${declaration.name}" has the targets ${names.join(' and ')}`,
		);
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
 * Leaves the body unread for a function that handles all HTTP itself, so that it can stream the body. The framework
 * would read all of it into memory and parse it; its parsers skip a request that is marked as finished.
 */
function unread(framework: Framework): Framework {
	return (req, res, next) => {
		// Paused, because the listener that counts a chunked body would let it flow before the function reads it.
		req.pause();
		framework(Object.assign(req, { finished: true }), res, next);
	};
}

/**
 * Rejects requests that are not CloudEvents in the HTTP binding (CloudEvents 1.0), and data that are not JSON. The
 * framework itself accepts any POST as a CloudEvent.
 */
function eventsOnly(framework: Framework): Framework {
	return (req, res, next) => {
		const refuse = (status: number, detail: string, headers = {}): void =>
			answerProblem(res, new Problem(status, detail, { headers }));
		const type = req.headers['content-type'];
		const structured = /^application\/cloudevents\+json/.test(type ?? '');
		if (req.method !== 'POST')
			refuse(405, `${req.method} is not allowed here; send events with POST.`, { allow: 'POST' });
		else if (!structured && !req.headers['ce-specversion'])
			refuse(
				400,
				'This is not a CloudEvent: expected a ce-specversion header or the type application/cloudevents+json.',
			);
		else if (type !== undefined && !structured && !/^application\/json/.test(type))
			refuse(415, `The event's data are ${type}; expected application/json.`);
		else {
			// The framework reads properties of the body, which is undefined for an event without data, as from a PingSource.
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

/** Serves the target that the environment names, until the process is stopped. Every bundle starts here. */
export async function serve(declaration: Declaration, room: Room): Promise<void> {
	// Once the log's reader is gone, logging that error would fail again, endlessly, because Node's domain, which the
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
		// On the laptop the parent holds an IPC channel. It closes when the parent dies; then nobody awaits responses.
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
 * How long a stopping instance continues to publish, in milliseconds. The default Broker abandons an event's
 * deliveries, including retries and dead letters, when the publisher disconnects. Kubernetes grants a revision 300 s to
 * stop.
 */
const publishing = 280_000;

/**
 * Returns the function that stops this process: it refuses new connections, finishes running requests, closes the pool,
 * and exits. Further calls do nothing. Knative sends SIGTERM when it scales down. From then on each response closes its
 * connection, because an open one would delay the exit.
 */
function stopOf(server: Server, context: Context): () => Promise<void> {
	const running = new Set<ServerResponse>();
	const { stopping } = context;
	server.prependListener('request', (_req, res) => {
		running.add(res);
		res.once('close', () => {
			running.delete(res);
			// A stream sent its headers before the stop, so its connection is still open.
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
 * Fills the compile cache while an image is built: sends one request to each of the function's targets, then exits. The
 * request fails where it needs the database, the Broker or another function, which does no harm.
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
