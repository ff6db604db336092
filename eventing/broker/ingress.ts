import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { openServer } from '../../kit/net/server.ts';
import { publish, type Route } from './delivery/publication.ts';
import { InvalidEvent } from './event/attributes.ts';
import { type Event, readEvent } from './event/event.ts';

/** Maximum body size in bytes. Knative has no limit except its memory, but a laptop's memory is shared. */
const bodyLimit = 64 * 1024 * 1024;
/** The most connections: a publisher has one for each event in delivery. */
const maxConnections = 8_000;
/** Maximum header size in bytes, Go's default. Node's 16 KiB would reject requests that a cluster accepts. */
const headerLimit = 1024 * 1024;

interface IngressBounds {
	/** Whether it serves only requests whose host is this machine. */
	readonly local: boolean;
	/** The most bytes of all bodies in memory. */
	readonly bodyMemory: number;
}

/**
 * Creates the broker's HTTP server, which accepts events at `/<namespace>/<broker>`. As in Knative's
 * ingress_handler.go, the checks run in this order and a response is a status without a body.
 * @param stopped aborts the deliveries in progress
 */
export function createIngress(route: Route, stopped: AbortSignal, bounds: IngressBounds): Server {
	const { local, bodyMemory } = bounds;
	const memory = { held: 0, most: bodyMemory };
	const server = openServer(
		async (request, response) => {
			const hungUp = new AbortController();
			response.on('close', () => {
				if (!response.writableFinished) hungUp.abort(new Error('the publisher disconnected'));
			});
			const signal = AbortSignal.any([hungUp.signal, stopped]);
			try {
				response.statusCode = await receive(request, response, route, memory, signal);
				// A closing server waits for every connection to end, including idle keep-alive ones.
				if (!server.listening) response.shouldKeepAlive = false;
				response.end();
			} catch (error) {
				const given = signal.aborted ? signal.reason : error;
				const message = signal.aborted ? 'deliveries aborted' : 'publishing failed';
				route.log({ severity: 'ERROR', message, broker: request.url?.slice(1), error: String(given) });
				if (!response.headersSent) response.writeHead(500).end();
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
	let event: Event;
	try {
		const body = await readBody(request, response, memory);
		if (body === 413) return 413;
		if (body === 503) {
			response.setHeader('Retry-After', '2');
			return 503;
		}
		event = readEvent(request.headersDistinct, body);
	} catch (error) {
		if (!(error instanceof InvalidEvent)) throw error;
		const message = 'rejected a request that is not a CloudEvent';
		route.log({ severity: 'WARNING', message, broker, error: error.message });
		return 400;
	}
	return publish(broker, event, request.headersDistinct, route, signal);
}

/** The bytes of all bodies that this broker holds. */
interface Memory {
	readonly most: number;
	held: number;
}

/** Returns the body, or a status when it is too large or there is no memory for it. Frees it after the response. */
async function readBody(
	request: IncomingMessage,
	response: ServerResponse,
	memory: Memory,
): Promise<Buffer | 413 | 503> {
	const chunks: Buffer[] = [];
	let size = 0;
	let status: 413 | 503 | undefined;
	let held = 0;
	response.once('close', () => {
		memory.held -= held;
	});
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > bodyLimit) status = 413;
		else if (memory.held + chunk.length > memory.most) status ??= 503;
		// Read and drop the rest: closing the connection here would hide the response from the publisher.
		if (status !== undefined || response.closed) continue;
		chunks.push(chunk);
		held += chunk.length;
		memory.held += chunk.length;
	}
	return status ?? Buffer.concat(chunks);
}
