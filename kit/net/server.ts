import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerProblem, sendProblem } from '../http/answer.ts';
import { Problem } from '../http/problem.ts';
import { expectBody } from './body-deadline.ts';
import { foreignHost } from './host.ts';
import { timing } from './timing.ts';

export type Listener = (req: IncomingMessage, res: ServerResponse) => unknown;

export interface ServerOptions {
	/** Serves only requests whose host is this machine: for a server that listens on a loopback address. */
	readonly local?: boolean;
	/**
	 * Leaves `X-Content-Type-Options` to `sendBack` and `sendProblem`, one of which sends every response of a proxy. Node merges
	 * their headers with one that is set before, which takes 9 of the 76 microseconds of a hop.
	 */
	readonly proxy?: boolean;
	/** Milliseconds for the headers, and for a body, to arrive. */
	readonly patience?: number;
	/** The most bytes of a request's headers. */
	readonly maxHeaderSize?: number;
	readonly maxConnections?: number;
}

/** Returns the times of a server, with the milliseconds for the headers of a request to arrive. */
export const timesOf = (patience: number) => ({
	keepAliveTimeout: timing.reuse,
	keepAliveTimeoutBuffer: timing.idle - timing.reuse,
	headersTimeout: patience,
	connectionsCheckingInterval: patience / 4,
});

const ignore = (): void => {};

/**
 * Creates an HTTP server with the limits of every server of ours. No request can end its process: whatever the listener
 * throws becomes a 500, and what is not HTTP a 400. The listener has to handle errors in its own callbacks.
 */
export function openServer(listener: Listener, options: ServerOptions = {}): Server {
	const {
		local = false,
		proxy = false,
		patience = timing.arrival,
		maxHeaderSize = 16_384,
		maxConnections = 4_000,
	} = options;
	/** The responses in progress of each connection: more than one if requests are pipelined. */
	const running = new WeakMap<Duplex, ServerResponse[]>();
	const server = createServer({ ...timesOf(patience), maxHeaderSize }, (req, res) => {
		// Node emits an error after a client has disconnected, or when a stream writes too late.
		req.on('error', ignore);
		res.on('error', ignore);
		const { socket } = req;
		const others = running.get(socket)?.filter(({ closed }) => !closed) ?? [];
		running.set(socket, [...others, res]);
		if (!proxy) res.setHeader('x-content-type-options', 'nosniff');
		expectBody(req, res, patience);
		const serve = async (): Promise<unknown> => {
			const refused = refusalOf(req, local);
			return refused ? sendProblem(res, refused) : listener(req, res);
		};
		serve()
			.catch((error: unknown) => answerProblem(res, error))
			.catch(() => res.destroy());
	});
	server.maxConnections = maxConnections;
	server.on('clientError', (error: NodeJS.ErrnoException & { reason?: string }, socket) => {
		const begun = running.get(socket)?.some(({ closed, headersSent }) => headersSent && !closed);
		if (begun || error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
		else socket.end(messageFor(problemOf(error, maxHeaderSize)), () => socket.destroy());
	});
	return server;
}

function refusalOf(req: IncomingMessage, local: boolean): Problem | undefined {
	const foreign = local ? foreignHost(req) : undefined;
	if (foreign !== undefined) {
		const detail = `This server runs on a laptop and serves the hosts localhost, *.localhost, 127.0.0.1 and [::1], not "${foreign}".`;
		return new Problem(421, `${detail} Use http://localhost with its port.`);
	}
	const coding = req.headers['transfer-encoding'];
	if (coding === undefined || coding.trim().toLowerCase() === 'chunked') return undefined;
	const detail = `The transfer encoding is "${coding}"; expected "chunked" or a Content-Length.`;
	return new Problem(501, detail, { headers: { connection: 'close' } });
}

function problemOf({ code, reason, message }: NodeJS.ErrnoException & { reason?: string }, headers: number): Problem {
	if (code === 'HPE_HEADER_OVERFLOW')
		return new Problem(431, `The headers have more than ${headers} bytes. Send fewer or shorter ones.`);
	if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
		return new Problem(413, 'The extensions of the chunks are too large. Send chunks without extensions.');
	if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
		return new Problem(408, 'The request did not arrive in time. Send it again without pauses.');
	return new Problem(400, `This is not a valid HTTP request: ${reason ?? message}. Send it as RFC 9112 says.`);
}

/** Returns a problem as a whole response, for a connection whose request Node could not read. */
function messageFor(problem: Problem): string {
	const text = JSON.stringify(problem.body());
	return [
		`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
		'Content-Type: application/problem+json; charset=utf-8',
		`Content-Length: ${Buffer.byteLength(text)}`,
		'X-Content-Type-Options: nosniff',
		'Cache-Control: no-store',
		'Connection: close',
		'',
		text,
	].join('\r\n');
}
