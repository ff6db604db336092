import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, realpathSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { type Account, asAccount, chooseAccount } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { type Cluster, environment, prepareCluster } from './cluster.ts';
import { ownerSetting, stopLeftover } from './leftover.ts';
import { startWatchdog } from './watchdog.ts';

export type PostgresOptions = {
	/** Where its data and password live; made at first use, and for one Postgres at a time. */
	directory: string;
	/** The port wished for, such as the one before a restart; another free one is taken if it is in use. */
	port?: number;
	/** The most connections at once; default 100. */
	maxConnections?: number;
	/** For tests: faster, and data may be lost when the machine (not Postgres) crashes. */
	unsafe?: boolean;
	/** Is given each line of Postgres's log. */
	log?: (line: string) => void;
	/** Is told when Postgres ends without having been asked to, with its exit code (null for a signal). */
	onExit?: (code: number | null, lastLogLines: readonly string[]) => void;
};

/** A running Postgres. */
export type Postgres = {
	/** Of the superuser, on the database `bodega`. */
	url: string;
	port: number;
	pid: number;
	/** Ends open connections, writes everything to disk and waits for the exit. May be called more than once. */
	stop(): Promise<void>;
};

type Server = Omit<Postgres, 'url' | 'port'>;

/**
 * Starts the embedded Postgres on a free port of 127.0.0.1, with a new data directory at first use. It ends with this
 * process, however that ends.
 * @throws with what to do about it, when it cannot run here, when another Bodega has the directory, or when the data
 * is of another major version
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
	const binaries = findBinaries();
	mkdirSync(options.directory, { recursive: true, mode: 0o700 });
	const directory = realpathSync(options.directory);
	const account = chooseAccount(binaries.postgres, directory);
	const cluster = await prepareCluster(directory, binaries, account, !options.unsafe);
	let port = options.port ?? (await freePort());
	for (let attempt = 1; ; attempt++) {
		await stopLeftover(cluster.data, options.log ?? (() => {}));
		const server = await launch(binaries, account, cluster, port, options);
		if ('stop' in server)
			return { ...server, port, url: `postgresql://bodega:${cluster.password}@127.0.0.1:${port}/bodega` };
		const output = server.lastLogLines.join('\n');
		const portTaken = output.includes('could not bind');
		// Another starter was quicker, or the last backends of a killed Postgres are still on their way out.
		const notYet = /lock file "postmaster.pid" already exists|pre-existing shared memory block/.test(output);
		if (attempt === 50 || !(portTaken || notYet)) throw new Error(`Postgres did not start:\n${output}`);
		if (portTaken) port = await freePort();
		else await delay(100);
	}
}

/** Runs Postgres until it takes connections, or until it has failed to. */
async function launch(
	binaries: Binaries,
	account: Account,
	{ data }: Cluster,
	port: number,
	{ maxConnections = 100, unsafe = false, log, onExit }: PostgresOptions,
): Promise<Server | { lastLogLines: readonly string[] }> {
	const settings = [
		ownerSetting(process.pid),
		...['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', `max_connections=${maxConnections}`],
		...['shared_buffers=16MB', 'io_method=sync', 'max_logical_replication_workers=0'],
		// Not wal_level=minimal: after a crash a sequence would begin again where the migration that made it left it.
		'max_wal_senders=0',
		...['timezone=UTC', 'log_timezone=UTC', 'log_line_prefix=', 'log_checkpoints=off'],
		...(unsafe ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
	].flatMap((setting) => ['-c', setting]);
	const watchdog = startWatchdog(data);
	// A process group of its own: Ctrl-C in the terminal is for Bodega, whose functions need Postgres to finish.
	const child = spawn(...asAccount(account, binaries.postgres, ['-D', data, ...settings]), {
		detached: true,
		env: environment,
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const { pid } = child;
	if (pid) watchdog.guard(pid);

	// Not 'exit': 'close' waits until the last backend has let go of stderr, and only then can a successor start.
	let running = true;
	const closed = once(child, 'close').finally(() => {
		running = false;
		watchdog.dismiss();
	});
	const lastLogLines: string[] = [];
	const lines = createInterface({ input: child.stderr });
	const ready = new Promise<void>((resolve) => {
		lines.on('line', (line) => {
			lastLogLines.push(line);
			if (lastLogLines.length > 20) lastLogLines.shift();
			log?.(line);
			if (line.includes('database system is ready to accept connections')) resolve();
		});
	});
	const slow = setTimeout(() => child.kill('SIGINT'), 60_000);
	await Promise.race([ready, closed]).finally(() => clearTimeout(slow));
	if (!pid || !running) return { lastLogLines };

	let stopping: Promise<void> | undefined;
	closed.then(([code]: (number | null)[]) => stopping ?? onExit?.(code ?? null, lastLogLines));
	const stop = async () => {
		child.kill('SIGINT');
		const stuck = setTimeout(() => child.kill('SIGQUIT'), 10_000);
		await closed.finally(() => clearTimeout(stuck));
	};
	return {
		pid,
		stop: () => {
			stopping ??= stop();
			return stopping;
		},
	};
}
