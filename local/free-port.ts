import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections, one of which could otherwise take a port before it is used, and above
 * 10080, which `fetch` refuses (WHATWG Fetch, 2.9: bad ports).
 */
const range = { first: 10_081, last: 32_000 };

/** Returns a port of 127.0.0.1 that is free now. Another process can take it, so callers must be ready to ask again. */
export async function freePort(): Promise<number> {
	const server = createServer();
	for (;;) {
		const port = randomInt(range.first, range.last);
		server.listen(port, '127.0.0.1');
		const isFree = await once(server, 'listening').then(
			() => true,
			() => false,
		);
		if (!isFree) continue;
		server.close();
		await once(server, 'close');
		return port;
	}
}

/** Listens on a free port of 127.0.0.1. Returns the URL. */
export async function listenAnywhere(server: Server): Promise<string> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
