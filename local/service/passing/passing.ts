import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { Connections } from '../../../kit/net/connections.ts';
import type { Client } from '../../../kit/serve/passed.ts';
import { calm } from '../instance.ts';
import type { Service } from '../service.ts';

/** Requests in a row after which a Service is busy: more than a person or the page sends. */
const row = 100;

/** Who answers a request. `client` says that it comes from outside of the shop. */
interface Destination {
	readonly service: Service;
	readonly client?: Client;
}

/** How many requests have followed each other without a pause, and when the last one was. */
const rows = new WeakMap<Service, { length: number; last: number }>();

function note(service: Service): void {
	const { length = 0, last = 0 } = rows.get(service) ?? {};
	const now = performance.now();
	rows.set(service, { length: now - last < calm ? length + 1 : 1, last: now });
}

/**
 * Passes connections of a server on to instances of busy Services. The others stay: a request after a pause, such as the first one
 * after a save, comes to the shop, which knows whether the code has changed.
 * @param find returns undefined for a request that the shop answers itself
 */
export function passBusy(server: Server, find: (req: IncomingMessage) => Destination | undefined): void {
	const destinations = new WeakMap<Socket, Destination>();
	server.prependListener('request', (req: IncomingMessage) => {
		const to = find(req);
		if (to) destinations.set(req.socket, to);
		else destinations.delete(req.socket);
		if (to) note(to.service);
	});
	const connections = new Connections(server, (socket) => {
		const { service, client } = destinations.get(socket) ?? {};
		// Later, because `forward` has not yet released the instance.
		if (service && (rows.get(service)?.length ?? 0) >= row)
			setImmediate(() => service.passOn(socket, connections, client));
	});
}
