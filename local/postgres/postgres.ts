import { spawn } from 'node:child_process';
import { mkdirSync, realpathSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type Ending, endOf } from '../../kit/process/exit.ts';
import { guard } from '../../kit/process/guard.ts';
import { freePort } from '../free-port.ts';
import { type Account, asAccount, chooseAccount } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { type DataDirectory, environment, expectComplete, prepareDataDirectory } from './data-directory.ts';
import { ownerSetting, stopLeftover } from './leftover.ts';

export interface PostgresOptions {
	/** Folder of the data and the password, created at first use. One Postgres can use it at a time. */
	readonly directory: string;
	/** The port of a restart, which needs the data to be there. Default: a free one, and new data if there are none. */
	readonly port?: number;
	/** Maximum number of open connections. Default: 100. */
	readonly maxConnections?: number;
	/** Faster, for tests: data can be lost when the machine crashes, but not when Postgres does. */
	readonly unsafe?: boolean;
	/** Receives each line of Postgres's log. */
	readonly log?: (line: string) => void;
	/** Called when Postgres ends without `stop`. */
	readonly onExit?: (ending: Ending, lastLogLines: readonly string[]) => void;
}

export interface Postgres {
	/** URL of the superuser on the database `bodega`. */
	readonly url: string;
	readonly port: number;
	readonly pid: number;
	/** Closes all connections, writes everything to disk and waits for the exit. Can be called more than once. */
	stop(): Promise<void>;
}

type Server = Omit<Postgres, 'url' | 'port'>;

/**
 * Starts the embedded Postgres on a free port of 127.0.0.1, with a new data directory at first use. Postgres ends when
 * this process ends, even if it is killed.
 * @throws with the remedy, when Postgres cannot run here, when another Bodega uses the directory or another program the
 * port, or when the data belong to another major version
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
	const binaries = findBinaries();
	const isRestart = options.port !== undefined;
	if (!isRestart) mkdirSync(options.directory, { recursive: true, mode: 0o700 });
	const directory = realpathSync(options.directory);
	const account = chooseAccount(binaries.postgres, directory);
	if (isRestart) expectComplete(directory);
	const cluster = await prepareDataDirectory(directory, binaries, account, !options.unsafe);
	let port = options.port ?? (await freePort());
	for (let attempt = 1; ; attempt++) {
		await stopLeftover(cluster.data, options.log ?? (() => {}));
		const server = await launch(binaries, account, cluster, port, options);
		if ('stop' in server)
			return { ...server, port, url: `postgresql://bodega:${cluster.password}@127.0.0.1:${port}/bodega` };
		const output = server.lastLogLines.join('\n');
		const portTaken = output.includes('could not bind');
		// Another process started first, or the last backends of a killed Postgres are still exiting.
		const notYet = /lock file "postmaster.pid" already exists|pre-existing shared memory block/.test(output);
		if (portTaken && isRestart) throw new Error(`Postgres did not start: another program uses its port ${port}`);
		if (attempt === 50 || !(portTaken || notYet)) throw new Error(`Postgres did not start:\n${reasonOf(server)}`);
		if (portTaken) port = await freePort();
		else await delay(100);
	}
}

async function launch(
	binaries: Binaries,
	account: Account,
	{ data }: DataDirectory,
	port: number,
	{ maxConnections = 100, unsafe = false, log, onExit }: PostgresOptions,
): Promise<Server | { lastLogLines: readonly string[] }> {
	const settings = [
		ownerSetting(process.pid),
		...['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', `max_connections=${maxConnections}`],
		...['shared_buffers=16MB', 'io_method=sync', 'max_logical_replication_workers=0'],
		// Not wal_level=minimal: after a crash, a sequence would restart at its value in the migration that created it.
		'max_wal_senders=0',
		...['timezone=UTC', 'log_timezone=UTC', 'log_line_prefix=', 'log_checkpoints=off'],
		...(unsafe ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
	].flatMap((setting) => ['-c', setting]);
	// Own process group: Ctrl-C in the terminal must reach only Bodega, because its functions need Postgres to finish.
	const server = spawn(...asAccount(account, binaries.postgres, ['-D', data, ...settings]), {
		detached: true,
		env: environment,
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const child = guard(server, 'INT');
	const { pid } = child;

	// Not 'exit': 'close' waits until the last backend has closed stderr, and a successor can start only then.
	let running = true;
	const closed = endOf(child, 'close').finally(() => {
		running = false;
	});
	const lastLogLines: string[] = [];
	const lines = createInterface({ input: child.stderr as Readable });
	const ready = new Promise<void>((resolve) => {
		lines.on('line', (line) => {
			lastLogLines.push(line);
			if (lastLogLines.length > 20) lastLogLines.shift();
			log?.(line);
			if (line.includes('database system is ready to accept connections')) resolve();
		});
	});
	// Without a limit: after a crash Postgres first repeats the changes since its last checkpoint, which must not begin again.
	const ending = await Promise.race([ready, closed]);
	if (ending instanceof Error) throw new Error(`Postgres did not start: ${ending.message}`, { cause: ending });
	if (!pid || !running) return { lastLogLines };

	let stopping: Promise<void> | undefined;
	closed.then((how) => stopping ?? onExit?.(how, lastLogLines));
	const stop = async () => {
		child.kill('SIGINT');
		const stuck = setTimeout(() => child.kill('SIGQUIT'), 10_000);
		await closed;
		clearTimeout(stuck);
	};
	return { pid, stop: () => (stopping ??= stop()) };
}

/** Returns the lines of a failed start that name its cause. */
const reasonOf = ({ lastLogLines }: { lastLogLines: readonly string[] }): string =>
	(lastLogLines.filter((line) => /FATAL|PANIC/.test(line)).join('\n') || lastLogLines.join('\n')).trim();
