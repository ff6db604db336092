import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { sendProblem } from '../../kit/http/answer.ts';
import { Problem } from '../../kit/http/problem.ts';
import { keepAlive } from '../../kit/serve/keep-alive.ts';
import { listenAnywhere } from '../free-port.ts';
import type { Service } from './service.ts';

/** Forwards a request to an instance, like Knative's activator. Starts one if there is none. Streams both bodies. */
export async function forward(service: Service, req: IncomingMessage, res: ServerResponse): Promise<void> {
	const passing = service.traffic.arrive(req.method ?? 'GET');
	res.once('close', () => passing.end(res.headersSent ? res.statusCode : undefined));
	const instance = await service.acquire().catch((error: Error) => {
		refuse(res, 503, `The function "${service.name}" cannot start: ${error.message}.`);
	});
	passing.start();
	if (!instance) return;
	// The client can disconnect while the instance starts.
	if (res.destroyed) return service.release(instance);
	res.once('close', () => service.release(instance));
	const { port, agent } = instance;
	const { method, url: path, headers } = req;
	const passed = request({ host: '127.0.0.1', port, method, path, headers, agent }, (answer) => {
		res.writeHead(answer.statusCode ?? 502, answer.headers);
		pipeline(answer, res, () => {});
	});
	passed.once('error', (error) =>
		refuse(res, 502, `The function "${service.name}" ended during this request: ${error.message}.`),
	);
	// When the client disconnects, abort the request so that the instance can stop working on it.
	res.once('close', () => passed.destroy());
	req.pipe(passed);
}

function refuse(res: ServerResponse, status: 502 | 503, detail: string): void {
	const headers = { 'retry-after': '2', 'access-control-allow-origin': '*' };
	sendProblem(res, new Problem(status, detail, { headers }));
}

/** Starts the server at which the other functions and the broker reach a service while the shop runs. */
export async function listenFor(find: () => Service | undefined): Promise<{ server: Server; url: string }> {
	const server = createServer({ keepAliveTimeout: keepAlive }, (req, res) => {
		const service = find();
		if (service) void forward(service, req, res);
		else refuse(res, 503, 'The shop is still starting.');
	});
	return { server, url: await listenAnywhere(server) };
}
