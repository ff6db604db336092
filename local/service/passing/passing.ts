import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { Connections } from '../../../kit/net/connections.ts';
import type { Client } from '../../../kit/serve/passed.ts';
import { calm } from '../instance.ts';
import type { Service } from '../service.ts';

/** Requests in a row after which a connection is busy. */
const row = 10;

/** Who answers a request. `client` says that it comes from outside of the shop. */
interface Destination {
	readonly service: Service;
	readonly client?: Client;
}

/**
 * Passes busy connections of a server on to instances: those with many requests in a row for the same Service and host. The
 * others stay: a request after a pause, such as the first one after a save, comes to the shop, which knows whether the code
 * has changed.
 * @param find returns undefined for a request that the shop answers itself
 */
export function passBusy(server: Server, find: (req: IncomingMessage) => Destination | undefined): void {
	const rows = new WeakMap<Socket, { to: Destination | undefined; length: number; end: number }>();
	server.prependListener('request', (req: IncomingMessage) => {
		const [last, to] = [rows.get(req.socket), find(req)];
		const goesOn =
			last?.to &&
			last.to.service === to?.service &&
			last.to.client?.host === to.client?.host &&
			performance.now() - last.end < calm;
		rows.set(req.socket, { to, length: goesOn ? last.length + 1 : 1, end: Number.POSITIVE_INFINITY });
	});
	const connections = new Connections(server, (socket) => {
		const last = rows.get(socket);
		if (!last?.to) return;
		const { service, client } = last.to;
		last.end = performance.now();
		// Later, because `forward` has not yet released the instance.
		if (last.length >= row) setImmediate(() => service.passOn(socket, connections, client));
	});
}
