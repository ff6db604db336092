import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { keepAlive } from '../../kit/serve/keep-alive.ts';
import { publish, type Route } from './delivery/publication.ts';
import { type Event, InvalidEvent, readEvent } from './event/event.ts';

/** Maximum body size in bytes. Knative has no limit except its memory, but a laptop's memory is shared. */
const bodyLimit = 64 * 1024 * 1024;
/** Maximum header size in bytes, Go's default. Node's 16 KiB would reject requests that a cluster accepts. */
const headerLimit = 1024 * 1024;

/**
 * Creates the broker's HTTP server, which accepts events at `/<namespace>/<broker>`. As in Knative's
 * ingress_handler.go, the checks run in this order and a response is a status without a body.
 * @param stopped aborts the deliveries in progress
 */
export function createIngress(route: Route, stopped: AbortSignal): Server {
	const server = createServer(
		{ maxHeaderSize: headerLimit, keepAliveTimeout: keepAlive },
		async (request, response) => {
			const hungUp = new AbortController();
			response.on('close', () => {
				if (!response.writableFinished) hungUp.abort(new Error('the publisher disconnected'));
			});
			const signal = AbortSignal.any([hungUp.signal, stopped]);
			try {
				response.statusCode = await receive(request, response, route, signal);
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
	);
	return server;
}

async function receive(
	request: IncomingMessage,
	response: ServerResponse,
	route: Route,
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
		const body = await readBody(request);
		if (body === undefined) return 413;
		event = readEvent(request.headersDistinct, body);
	} catch (error) {
		if (!(error instanceof InvalidEvent)) throw error;
		const message = 'rejected a request that is not a CloudEvent';
		route.log({ severity: 'WARNING', message, broker, error: error.message });
		return 400;
	}
	return publish(broker, event, request.headersDistinct, route, signal);
}

/** Returns undefined when the body is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		// Read and drop the rest: closing the connection here would hide the response from the publisher.
		if (size <= bodyLimit) chunks.push(chunk);
	}
	return size > bodyLimit ? undefined : Buffer.concat(chunks);
}
