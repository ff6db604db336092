import { watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type RunningBroker, startBroker } from './broker.ts';
import { consoleLog as log } from './log.ts';

export interface BrokerCommand {
	port: number;
	host: string;
	/** Paths of manifests. */
	file: string[];
}

/**
 * Runs the broker as this process until SIGTERM, SIGINT or the end of a parent that is connected by IPC, reloading its
 * manifests when they change. Tells on standard output, in one JSON line, when it listens.
 *
 * @throws Error that says what to do, if it cannot start
 */
export async function main({ port, host, file: manifests }: BrokerCommand): Promise<void> {
	const broker = await startBroker({ manifests, host, port, log }).catch((error: unknown) => {
		throw explain(error);
	});
	const stopWatching = watchManifests(manifests, broker);
	const stop = async (grace?: number): Promise<void> => {
		stopWatching();
		await broker.close(grace);
		process.exit(0);
	};
	// A second signal ends it at once: there is no handler any more.
	for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
	if (process.send !== undefined) process.once('disconnect', () => void stop(1_000));
	log({ severity: 'INFO', message: 'listening', url: broker.url, ...served(broker) });
}

function served({ brokers }: RunningBroker) {
	const triggers = [...brokers.values()].flat().map(({ namespace, name }) => `${namespace}/${name}`);
	return { brokers: [...brokers.keys()], triggers };
}

/** Reloads when a manifest changes. Directories are watched, as editors replace a file rather than write into it. */
function watchManifests(manifests: string[], broker: RunningBroker): () => void {
	const reload = (): void => {
		try {
			broker.reload(manifests);
			log({ severity: 'INFO', message: 'manifests reloaded', ...served(broker) });
		} catch (error) {
			const message = 'manifests not reloaded: the brokers and triggers stay as they were';
			log({ severity: 'ERROR', message, error: (error as Error).message });
		}
	};
	let settled: NodeJS.Timeout | undefined;
	const names = new Set(manifests.map((file) => basename(file)));
	const watchers = [...new Set(manifests.map((file) => dirname(resolve(file))))].map((directory) =>
		watch(directory, (_, name) => {
			if (name !== null && !names.has(name)) return;
			// One change is reported several times, and a file is emptied before it is written; 50 ms later it is whole.
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
	if (code !== 'EADDRINUSE') return error;
	const next = 'stop what listens there, or choose another with --port (0 takes a free one)';
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
	if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) throw new Error(`--port is ${port}, wanted 0 to 65535`);
	return { port: Number(port), ...others };
}

// Also a program of its own: `main.ts --port 8090 -f triggers.yaml`.
if (import.meta.main) {
	try {
		await main(readArguments());
	} catch (error) {
		console.error(`bodega broker: ${(error as Error).message}`);
		process.exitCode = 1;
	}
}
