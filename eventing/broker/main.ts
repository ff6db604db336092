import { watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { freeMemory } from '../../kit/process/memory.ts';
import { type RunningBroker, startBroker } from './broker.ts';
import { consoleLog as log } from './log.ts';

interface BrokerCommand {
	port: number;
	host: string;
	/** Paths of manifests. */
	file: string[];
}

/**
 * Runs the broker in this process until SIGTERM, SIGINT or, if a parent is connected by IPC, until the parent ends.
 * Reloads the manifests when they change. Logs one JSON line to standard output when it listens.
 * @throws Error with the remedy, if it cannot start
 */
export async function main({ port, host, file: manifests }: BrokerCommand): Promise<void> {
	const broker = await startBroker({ manifests, host, port, log }).catch((error: unknown) => {
		throw explain(error);
	});
	const stopWatching = watchManifests(manifests, broker);
	const stop = async (): Promise<void> => {
		stopWatching();
		await broker.close();
		process.exit(0);
	};
	// The handlers run once, so a second signal ends the process immediately.
	for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
	process.once('disconnect', () => process.exit(0));
	log({ severity: 'INFO', message: 'listening', url: broker.url, ...served(broker) });
	freeMemory();
}

function served({ brokers }: RunningBroker) {
	const triggers = [...brokers.values()].flat().map(({ namespace, name }) => `${namespace}/${name}`);
	return { brokers: [...brokers.keys()], triggers };
}

/** Reloads when a manifest changes. Watches directories, because editors replace a file instead of writing into it. */
function watchManifests(manifests: string[], broker: RunningBroker): () => void {
	const reload = (): void => {
		try {
			broker.reload(manifests);
			log({ severity: 'INFO', message: 'manifests reloaded', ...served(broker) });
		} catch (error) {
			const message = 'manifests not reloaded: keeping the previous brokers and triggers';
			log({ severity: 'ERROR', message, error: (error as Error).message });
		}
	};
	let settled: NodeJS.Timeout | undefined;
	const names = new Set(manifests.map((file) => basename(file)));
	const watchers = [...new Set(manifests.map((file) => dirname(resolve(file))))].map((directory) =>
		watch(directory, (_, name) => {
			if (name !== null && !names.has(name)) return;
			// One save fires several events, and an editor first empties a file. After 50 ms the content is complete.
			clearTimeout(settled);
			settled = setTimeout(reload, 50);
		}),
	);
	return () => {
		clearTimeout(settled);
		for (const watcher of watchers) watcher.close();
	};
}

function explain(error: unknown): unknown {
	const { code, port } = error as NodeJS.ErrnoException & { port?: number };
	if (code === 'EACCES') return new Error(`--port ${port}: this user is not allowed to listen there`, { cause: error });
	if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL')
		return new Error('--host: expected an address of this machine, such as 127.0.0.1', { cause: error });
	if (code !== 'EADDRINUSE') return error;
	const next = 'stop the process that uses it, or choose another with --port (0 picks a free one)';
	return new Error(`port ${port} is in use: ${next}`, { cause: error });
}

function readArguments(): BrokerCommand {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '8090' },
			host: { type: 'string', default: '127.0.0.1' },
			file: { type: 'string', short: 'f', multiple: true, default: [] },
		},
	});
	const { port, ...others } = values;
	if (!/^\d{1,5}$/.test(port) || Number(port) > 65535)
		throw new Error(`--port ${port}: expected a number from 0 to 65535`);
	return { port: Number(port), ...others };
}

async function runProgram(): Promise<void> {
	try {
		await main(readArguments());
	} catch (error) {
		console.error(`bodega broker: ${(error as Error).message}`);
		process.exitCode = 1;
	}
}

// Also runs as a program: `main.ts --port 8090 -f triggers.yaml`.
if (import.meta.main) void runProgram();
