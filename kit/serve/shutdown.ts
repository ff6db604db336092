import type { Server, ServerResponse } from 'node:http';
import { flushSpans } from '../trace/span.ts';
import type { Context } from './context.ts';
import type { PassedConnections } from './passed.ts';

/**
 * How long a stopping instance continues to publish, in milliseconds. The default Broker abandons an event's
 * deliveries, including retries and dead letters, when the publisher disconnects. Kubernetes grants a revision 300 s to
 * stop.
 */
const publishing = 280_000;

/**
 * Returns the function that stops this process: it refuses new connections, finishes running requests, closes the pool,
 * and exits. Further calls do nothing. Knative sends SIGTERM when it scales down. From then on each response closes its
 * connection, because an open one would delay the exit. Connections that the laptop's shop has passed are returned to it.
 */
export function shutdownOf(server: Server, context: Context, passed?: PassedConnections): () => Promise<void> {
	const running = new Set<ServerResponse>();
	const { stopping } = context;
	server.prependListener('request', (_req, res) => {
		running.add(res);
		res.once('close', () => {
			running.delete(res);
			// A stream sent its headers before the stop, so its connection is still open.
			if (stopping.aborted) setImmediate(() => server.closeIdleConnections());
		});
		if (stopping.aborted) res.setHeader('connection', 'close');
	});
	return async () => {
		if (stopping.aborted) return;
		context.stop();
		for (const res of running) if (!res.headersSent) res.setHeader('connection', 'close');
		// First, because a request of the shop can be on its way, which has assigned it before it stopped this instance.
		await passed?.leave();
		const closed = new Promise((resolve) => server.close(resolve));
		server.closeIdleConnections();
		await closed;
		await context.close(publishing);
		await flushSpans();
		process.exit(0);
	};
}
