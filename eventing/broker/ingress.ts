import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { keepAlive } from '../../kit/serve/keep-alive.ts';
import { publish, type Route } from './delivery/publication.ts';
import { type Event, InvalidEvent, readEvent } from './event/event.ts';

/** Bytes. The real one has no limit but its memory; a laptop's is shared. */
const bodyLimit = 64 * 1024 * 1024;
/** Bytes; Go's default, where Node's 16 KiB would refuse what the cluster takes. */
const headerLimit = 1024 * 1024;

class TooLarge extends Error {}

/**
 * The broker's HTTP side: takes events at `/<namespace>/<broker>`. The order of the checks is that of Knative's
 * ingress_handler.go, and like it an answer is a status without a body.
 *
 * @param stopped aborts what is being delivered
 */
export function createIngress(route: Route, stopped: AbortSignal): Server {
	const server = createServer(
		{ maxHeaderSize: headerLimit, keepAliveTimeout: keepAlive },
		async (request, response) => {
			const hungUp = new AbortController();
			response.on('close', () => {
				if (!response.writableFinished) hungUp.abort(new Error('the publisher hung up'));
			});
			const signal = AbortSignal.any([hungUp.signal, stopped]);
			try {
				response.statusCode = await receive(request, response, route, signal);
				// Once the server is closed it waits for every connection to end, kept ones too.
				if (!server.listening) response.shouldKeepAlive = false;
				response.end();
			} catch (error) {
				const given = signal.aborted ? signal.reason : error;
				const message = signal.aborted ? 'deliveries given up' : 'publishing failed';
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
	// The raw request target, as in the real one: a query makes it another broker's name.
	const target = request.url ?? '';
	if (target === '/') return 404;
	const [, namespace, name, ...more] = target.replace(/\/$/, '').split('/');
	if (namespace === undefined || name === undefined || more.length > 0) return 400;
	const broker = `${namespace}/${name}`;
	let event: Event;
	try {
		event = readEvent(request.headersDistinct, await readBody(request));
	} catch (error) {
		if (error instanceof TooLarge) return 413;
		if (!(error instanceof InvalidEvent)) throw error;
		route.log({ severity: 'WARNING', message: 'refused what is no CloudEvent', broker, error: error.message });
		return 400;
	}
	return publish(broker, event, request.headersDistinct, route, signal);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		// The rest is read and dropped: leaving it would break the connection before the publisher sees the answer.
		if (size <= bodyLimit) chunks.push(chunk);
	}
	if (size > bodyLimit) throw new TooLarge();
	return Buffer.concat(chunks);
}
