import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendProblem } from '../http/answer.ts';
import { Problem } from '../http/problem.ts';

/** The slowest accepted body, in bytes per millisecond. */
const slowest = 10;

/**
 * Answers 408 and closes the connection when a body does not arrive: after `patience` milliseconds, and one more second for
 * each 10 kB received. Only time counts in which the server would read: a full buffer waits for us, not for the client.
 */
export function expectBody(req: IncomingMessage, res: ServerResponse, patience: number): void {
	const { 'content-length': length, 'transfer-encoding': coding } = req.headers;
	if (coding === undefined && !Number(length ?? 0)) return;
	const { socket } = req;
	const before = socket.bytesRead;
	const step = patience / 4;
	let waited = 0;
	const timer = setInterval(() => {
		if (req.complete || socket.destroyed) return clearInterval(timer);
		if (req.readableLength >= req.readableHighWaterMark) return;
		waited += step;
		const received = socket.bytesRead - before;
		if (waited < patience + received / slowest) return;
		clearInterval(timer);
		if (res.headersSent) return void socket.destroy();
		const detail = `The body did not arrive: received ${received} bytes in ${Math.round(waited / 1000)} s. Send it again without pauses.`;
		sendProblem(res, new Problem(408, detail, { headers: { connection: 'close' } }));
	}, step);
	req.once('close', () => clearInterval(timer));
}
