import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { mediaType } from '../database/metrics/exposition.ts';
import { sendProblem } from '../kit/http/answer.ts';
import { Problem } from '../kit/http/problem.ts';
import { hostName } from '../kit/net/host.ts';
import { type Listener, openServer } from '../kit/net/server.ts';
import { UsageError } from '../kit/process/usage-error.ts';
import { freePort } from './free-port.ts';
import { forward } from './service/activator.ts';
import { passBusy } from './service/passing/passing.ts';
import type { Service } from './service/service.ts';

/**
 * This is the outermost proxy, so every entry of a client is forged. It listens on both loopback addresses, so every client
 * is this machine, by whichever of them.
 */
const ours = { 'x-forwarded-for': '127.0.0.1' };

/** How the shop's only public port answers. */
export interface Front {
	readonly listener: Listener;
	/** Returns the Service that answers a request; undefined if the shop answers it itself. */
	readonly find: (req: IncomingMessage) => Service | undefined;
}

/**
 * Routes requests to the shop's only public port by host, like a Knative route: `books.localhost:3000` goes to books,
 * `localhost:3000` to the gateway. `localhost:3000/metrics` returns the metrics that Prometheus would collect on a
 * cluster. Functions that react to events have no public route.
 */
export function routeByHost(
	services: ReadonlyMap<string, Service>,
	gateway: Service,
	metrics: () => Promise<string>,
): Front {
	const labelOf = (req: IncomingMessage) => /^(.+)\.localhost$/.exec(hostName(req.headers.host ?? ''))?.[1];
	const find = (req: IncomingMessage): Service | undefined => {
		const label = labelOf(req);
		if (label === undefined) return req.url === '/metrics' ? undefined : gateway;
		const service = services.get(label);
		return service?.signature === 'http' ? service : undefined;
	};
	const listener: Listener = async (req, res) => {
		const service = find(req);
		if (service) return await forward(service, req, res, ours);
		const label = labelOf(req);
		if (label !== undefined) return sendProblem(res, new Problem(404, `There is no public function "${label}".`));
		const text = await metrics();
		res.writeHead(200, { 'content-type': mediaType, 'x-content-type-options': 'nosniff' }).end(text);
	};
	return { listener, find };
}

/**
 * Listens on both loopback addresses, because browsers use either for `localhost`: on the first free port from `port` on, or
 * on any free one if it is 0. @throws {UsageError} when this user is not allowed to listen there
 */
export async function listenOnLoopback(
	{ listener, find }: Front,
	port: number,
): Promise<{ servers: Server[]; port: number }> {
	const last = Math.min(port + 99, 65_535);
	for (let candidate = port || (await freePort()); candidate <= last || !port; candidate += 1) {
		const servers: Server[] = [];
		try {
			for (const host of ['127.0.0.1', '::1']) {
				const server = openServer(listener, { local: true, proxy: true });
				passBusy(server, (req) => {
					const service = find(req);
					return service && { service, client: { host: req.headers.host ?? '', port: candidate } };
				});
				server.listen(candidate, host);
				await once(server, 'listening').then(
					() => servers.push(server),
					(error: NodeJS.ErrnoException) => {
						if (host === '127.0.0.1' || error.code === 'EADDRINUSE') throw error;
						// This machine has no IPv6.
					},
				);
			}
			return { servers, port: candidate };
		} catch (error) {
			for (const server of servers) server.close();
			const { code } = error as NodeJS.ErrnoException;
			if (code === 'EACCES')
				throw new UsageError(`--port ${candidate}: this user is not allowed to listen there; choose one from 1024 on`);
			if (code !== 'EADDRINUSE') throw error;
		}
	}
	throw new UsageError(`--port ${port}: the ports from ${port} to ${last} are in use; choose a free one`);
}
