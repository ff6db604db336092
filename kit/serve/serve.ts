import type { AddressInfo } from 'node:net';
import { readConfig, tracing } from '../declare/config.ts';
import type { Declaration } from '../declare/declare.ts';
import { messageOf } from '../http/problem.ts';
import { log } from '../trace/log.ts';
import { collectSpans } from '../trace/span.ts';
import { PassedConnections } from './passed.ts';
import { early } from './port.ts';
import { shutdownOf } from './shutdown.ts';
import { createServerFor, type Handlers } from './target-server.ts';

/** Serves the target that the environment names, until the process is stopped. Every bundle starts here. */
export async function serve(declaration: Declaration, handlers: Handlers): Promise<void> {
	// Once the log's reader is gone, logging that error would fail again.
	for (const output of [process.stdout, process.stderr]) output.on('error', () => process.exit(1));
	early?.once('error', fail);
	try {
		if (process.env['PRIME_CODE_CACHE']) return await (await import('./prime.ts')).prime(declaration, handlers);
		const { server, context } = await createServerFor(declaration, handlers, readConfig(declaration));
		await collectSpans(context.config.env[tracing], context.config.target);
		const { host, port } = context.config;
		server.once('error', fail);
		server.listen(early ?? { port, host });
		// Only the laptop's shop passes connections.
		const passed = process.env['PASSED_CONNECTIONS'] ? new PassedConnections(server) : undefined;
		server.once('listening', () => {
			process.send?.({ port: (server.address() as AddressInfo).port, takesConnections: passed !== undefined });
			context.warm();
		});
		const stop = shutdownOf(server, context, passed);
		for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
		// On the laptop the parent holds an IPC channel. It closes when the parent dies; then nobody awaits responses.
		process.once('disconnect', () => process.exit(1));
	} catch (error) {
		fail(error);
	}
}

function fail(error: unknown): never {
	log.error(messageOf(error), { error });
	process.exit(1);
}
