import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** Returns a port of 127.0.0.1 that is free now. Another process can take it, so callers must be ready to ask again. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

/** Listens on a free port of 127.0.0.1. Returns the URL. */
export async function listenAnywhere(server: Server): Promise<string> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
