import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Places } from '../../kit/net/places.ts';
import { openServer } from '../../kit/net/server.ts';
import { publish, type Route } from './delivery/publication.ts';
import { InvalidEvent } from './event/attributes.ts';
import { type Event, type Headers, readEvent } from './event/event.ts';

/** Maximum body size in bytes. Knative has no limit except its memory, but a laptop's memory is shared. */
const bodyLimit = 64 * 1024 * 1024;
/** The most connections: more than events, so that a publisher gets a 503 instead of a refused connection. */
const maxConnections = 8_000;
/** Maximum header size in bytes, Go's default. Node's 16 KiB would reject requests that a cluster accepts. */
const headerLimit = 1024 * 1024;
/** How long an event's deliveries can take, in milliseconds (Knative's fanout_event_handler.go, defaultTimeout). */
const patience = 15 * 60_000;

export interface IngressBounds {
	/** Whether it serves only requests whose host is this machine. */
	readonly local: boolean;
	/** The most bytes of all events in memory. */
	readonly memory: number;
	/** The most events in delivery. */
	readonly events: number;
}

/**
 * Creates the broker's HTTP server, which accepts events at `/<namespace>/<broker>`. As in Knative's
 * ingress_handler.go, the checks run in this order and a response is a status without a body. A publisher waits until its
 * event is delivered, so the events in delivery are all that the broker holds; beyond its bounds it answers 503.
 * @param stopped aborts the deliveries in progress
 */
export function createIngress(route: Route, stopped: AbortSignal, { local, ...bounds }: IngressBounds): Server {
	const memory: Memory = { held: 0, most: bounds.memory };
	const places = new Places({ all: bounds.events, client: bounds.events });
	const running = new Set<AbortController>();
	stopped.addEventListener('abort', () => {
		for (const controller of running) controller.abort(stopped.reason);
	});
	const server = openServer(
		async (request, response) => {
			const controller = new AbortController();
			const { signal } = controller;
			running.add(controller);
			response.on('close', () => {
				if (!response.writableFinished) controller.abort(new Error('the publisher disconnected'));
			});
			const overdue = (): Error => new Error(`the deliveries took more than ${patience / 60_000} minutes`);
			const timer = setTimeout(() => controller.abort(overdue()), patience);
			const free = request.method === 'POST' ? places.take(undefined) : () => {};
			try {
				if (!free) route.refusals.add('there are too many in delivery', {});
				response.statusCode = free ? await receive(request, response, route, memory, signal) : 503;
				if (response.statusCode === 503) response.setHeader('Retry-After', '2');
				// A closing server waits for every connection to end, including idle keep-alive ones.
				if (!server.listening) response.shouldKeepAlive = false;
				response.end();
			} catch (error) {
				const given = signal.aborted ? signal.reason : error;
				const message = signal.aborted ? 'deliveries aborted' : 'publishing failed';
				route.log({ severity: 'ERROR', message, broker: request.url?.slice(1), error: String(given) });
				if (!response.headersSent) response.writeHead(500).end();
			} finally {
				clearTimeout(timer);
				running.delete(controller);
				free?.();
			}
		},
		{ maxHeaderSize: headerLimit, maxConnections, local },
	);
	return server;
}

async function receive(
	request: IncomingMessage,
	response: ServerResponse,
	route: Route,
	memory: Memory,
	signal: AbortSignal,
): Promise<number> {
	response.setHeader('Allow', 'POST, OPTIONS');
	if (request.method === 'OPTIONS') {
		// CloudEvents Web Hooks, section 4: abuse protection.
		response.setHeader('WebHook-Allowed-Origin', '*').setHeader('WebHook-Allowed-Rate', '*');
		return 200;
	}
	if (request.method !== 'POST') return 405;
	// The raw request target, as in Knative: a query string makes it another broker's name.
	const target = request.url ?? '';
	if (target === '/') return 404;
	const [, namespace, name, ...more] = target.replace(/\/$/, '').split('/');
	if (namespace === undefined || name === undefined || more.length > 0) return 400;
	const broker = `${namespace}/${name}`;
	const headers = firstOfEach(request.rawHeaders);
	let event: Event;
	try {
		const body = await readBody(request, response, memory);
		if (body === 503) route.refusals.add('there is no memory for them', { broker });
		if (typeof body === 'number') return body;
		event = readEvent(headers, body);
	} catch (error) {
		if (!(error instanceof InvalidEvent)) throw error;
		const message = 'rejected a request that is not a CloudEvent';
		route.log({ severity: 'WARNING', message, broker, error: error.message });
		return 400;
	}
	const { status } = await publish(broker, event, headers, { route, signal, replies: 0 });
	return status;
}

/** Returns the first value of each header, by lower-case name. Node's `headersDistinct` has all values, and costs more. */
function firstOfEach(raw: readonly string[]): Headers {
	const headers: Record<string, string> = {};
	for (let at = 0; at < raw.length; at += 2) headers[(raw[at] as string).toLowerCase()] ??= raw[at + 1] as string;
	return headers;
}

/** The bytes of all events that this broker holds, with their headers. */
interface Memory {
	readonly most: number;
	held: number;
}

/** Returns the body, or a status when it is too large or there is no memory for it. Frees it after the response. */
function readBody(request: IncomingMessage, response: ServerResponse, memory: Memory): Promise<Buffer | 413 | 503> {
	const chunks: Buffer[] = [];
	let size = 0;
	let status: 413 | 503 | undefined;
	let held = request.rawHeaders.reduce((sum, text) => sum + text.length, 0);
	if (memory.held + held > memory.most) status = 503;
	memory.held += held;
	response.once('close', () => {
		memory.held -= held;
	});
	return new Promise((resolve, reject) => {
		request.on('data', (chunk: Buffer) => {
			size += chunk.length;
			if (size > bodyLimit) status = 413;
			else if (memory.held + chunk.length > memory.most) status ??= 503;
			// Read and drop the rest: closing the connection here would hide the response from the publisher.
			if (status !== undefined || response.closed) return;
			chunks.push(chunk);
			held += chunk.length;
			memory.held += chunk.length;
		});
		request.once('end', () => resolve(status ?? (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks))));
		// An error takes 17 microseconds, and every request closes.
		request.once('close', () => {
			if (!request.complete) reject(new Error('the publisher disconnected'));
		});
	});
}
