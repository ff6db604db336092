import { Agent } from 'node:http';

/**
 * The times of every HTTP server and client of ours, in milliseconds.
 *
 * A request on a connection that its server is just closing is lost, and only a safe one can be sent again. So each client
 * stops reusing an idle connection long before the server closes it. Servers announce `reuse` (`Keep-Alive: timeout=30`), which
 * `fetch` obeys, and wait for `idle`, which also exceeds the 90 s of clients that ignore it, such as Knative's queue-proxy (Go).
 */
export const timing = {
	reuse: 30_000,
	idle: 120_000,
	/** The longest time to connect. */
	connect: 10_000,
	/** The longest silence of an exchange that a proxy passes on: a Knative revision ends a request after 300 s. */
	silence: 300_000,
	/** The time for the headers, and for a body, to arrive at a server. */
	arrival: 20_000,
} as const;

/** Returns an agent that reuses connections. Without a limit of its own, Node's agent ignores the announced one. */
export const reusing = (): Agent => new Agent({ keepAlive: true, timeout: timing.reuse });
