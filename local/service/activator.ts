import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { unansweredOutcome } from '../../kit/data/outcome.ts';
import { sendProblem } from '../../kit/http/answer.ts';
import { Problem } from '../../kit/http/problem.ts';
import type { Place } from '../../kit/net/admission.ts';
import { endToEnd, sendBack, sendOn } from '../../kit/net/forward.ts';
import { openServer } from '../../kit/net/server.ts';
import { listenAnywhere } from '../free-port.ts';
import type { Instance } from './instance.ts';
import { passBusy } from './passing/passing.ts';
import type { Service } from './service.ts';

/**
 * Forwards a request to an instance, like Knative's activator. Starts one if there is none. Streams both bodies. Answers
 * 503 when too much is running already.
 * @param own headers that replace those of the client
 */
export async function forward(
	service: Service,
	req: IncomingMessage,
	res: ServerResponse,
	own: Readonly<Record<string, string>> = {},
): Promise<void> {
	let place: Place;
	try {
		// All clients of a laptop have its address.
		place = await service.admission.admit(req, res, '');
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		return refuse(res, 503, error.message);
	}
	if (res.closed) return place.leave();
	const passing = service.traffic.arrive(req.method ?? 'GET');
	let instance: Instance | undefined;
	res.once('close', () => {
		place.leave();
		passing.end(res.headersSent ? res.statusCode : undefined);
		if (instance) service.release(instance);
	});
	instance = await service.acquire().catch((error: Error) => {
		refuse(res, 503, `The function "${service.name}" cannot start: ${error.message}.`);
		return undefined;
	});
	passing.start();
	if (!instance) return;
	// The client can disconnect while the instance starts.
	if (res.closed) return service.release(instance);
	const { port, agent } = instance;
	try {
		const headers = endToEnd(req, { ...own, host: req.headers.host ?? 'localhost' });
		await sendBack(await sendOn(req, res, { host: '127.0.0.1', port, path: req.url ?? '/', headers, agent }), res);
	} catch (error) {
		const outcome = unansweredOutcome(req.method ?? 'GET', error);
		refuse(
			res,
			502,
			`The function "${service.name}" ended during this request: ${(error as Error).message}. ${outcome}`,
		);
	}
}

/** Answers that a function, or the shop, does not serve at the moment. */
export function refuse(res: ServerResponse, status: 502 | 503, detail: string): void {
	const headers = { 'retry-after': '2', 'access-control-allow-origin': '*' };
	sendProblem(res, new Problem(status, detail, { headers }));
}

/**
 * Starts the server at which the other functions and the broker reach a service while the shop runs. It forwards their
 * requests, and passes busy connections on to an instance.
 */
export async function listenFor(
	find: () => Service | undefined,
	wake: (req: IncomingMessage) => void = () => {},
): Promise<{ server: Server; url: string }> {
	const server = openServer(
		(req, res) => {
			const service = find();
			if (service?.signature === 'http') wake(req);
			if (service) return forward(service, req, res);
			return refuse(res, 503, 'The shop is still starting.');
		},
		{ local: true, proxy: true },
	);
	passBusy(server, () => {
		const service = find();
		return service && { service };
	});
	return { server, url: await listenAnywhere(server) };
}
