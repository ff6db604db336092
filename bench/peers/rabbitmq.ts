import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { freePort } from '../../local/free-port.ts';

const program = '/usr/lib/rabbitmq/bin/rabbitmq-server';
/** The longest time for its start, in milliseconds. */
const patience = 60_000;

export const hasRabbitmq = (): boolean => existsSync(program);

/** Starts a RabbitMQ with an empty folder on loopback. @throws {Error} when it does not listen within a minute */
export async function startRabbitmq(): Promise<{ url: string; stop: () => Promise<void> }> {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-rabbitmq-'));
	const [port, distribution, names] = [await freePort(), await freePort(), await freePort()];
	const child = spawn(program, {
		env: {
			PATH: process.env['PATH'] ?? '',
			HOME: folder,
			RABBITMQ_NODENAME: 'bench@localhost',
			RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
			RABBITMQ_NODE_PORT: String(port),
			RABBITMQ_DIST_PORT: String(distribution),
			RABBITMQ_MNESIA_BASE: folder,
			RABBITMQ_LOG_BASE: folder,
			RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
			// Erlang's name server, which ends with the last node.
			ERL_EPMD_ADDRESS: '127.0.0.1',
			ERL_EPMD_PORT: String(names),
		},
		stdio: 'ignore',
		// Erlang starts further programs. A signal to the process group ends all of them.
		detached: true,
	});
	const exit = once(child, 'exit');
	const stop = async (): Promise<void> => {
		if (child.exitCode === null) process.kill(-(child.pid as number), 'SIGTERM');
		await exit;
		rmSync(folder, { recursive: true, force: true });
	};
	for (const end = performance.now() + patience; !(await listens(port)); await after(100))
		if (performance.now() > end || child.exitCode !== null) {
			await stop();
			throw new Error(`RabbitMQ does not listen on port ${port}`);
		}
	return { url: `amqp://guest:guest@127.0.0.1:${port}`, stop };
}

/** Whether a server greets a client: RabbitMQ answers the protocol's header with its own first frame. */
const listens = (port: number): Promise<boolean> =>
	new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1', () => socket.write('AMQP\0\0\x09\x01'));
		socket.setTimeout(1_000, () => socket.destroy());
		socket.once('data', () => resolve(true)).once('error', () => {});
		socket.once('data', () => socket.destroy()).once('close', () => resolve(false));
	});
