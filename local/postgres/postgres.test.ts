import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { on, once } from 'node:events';
import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	watch,
	writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Ending } from '../../kit/process/exit.ts';
import { asAccount, chooseAccount } from './account.ts';
import { findBinaries, linkLibraries } from './binaries.ts';
import { ownerSetting } from './leftover.ts';
import { type Postgres, type PostgresOptions, startPostgres } from './postgres.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const isRoot = process.geteuid?.() === 0;
const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const root = mkdtempSync(join(tmpdir(), 'bodega-postgres-'));
const shared = join(root, 'shared');
const started: Postgres[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
	for (const child of children.splice(0)) child.kill('SIGKILL');
	await Promise.all(started.splice(0).map((postgres) => postgres.stop()));
	for (const name of readdirSync(root)) await gone(join(root, name));
});
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

/** Waits until no Postgres runs in `directory`. */
const gone = (directory: string) =>
	expect.poll(() => existsSync(join(directory, 'data/postmaster.pid')), { interval: 10 }).toBe(false);

async function start(options: Partial<PostgresOptions> = {}): Promise<Postgres> {
	const postgres = await startPostgres({ directory: shared, unsafe: true, ...options });
	started.push(postgres);
	return postgres;
}

async function query(url: string, sql: string): Promise<unknown[]> {
	const client = new pg.Client(url);
	await client.connect();
	try {
		return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
	} finally {
		await client.end();
	}
}

/** Starts a process that starts Postgres in `directory`, runs `then`, and prints lines. */
function supervisor(directory: string, then = '', prefix: string[] = []) {
	const script = `
		import { startPostgres } from ${JSON.stringify(new URL('postgres.ts', import.meta.url).href)};
		try {
			const postgres = await startPostgres({ directory: process.argv[1], unsafe: true });
			${then};
			console.log(JSON.stringify(postgres));
		} catch (error) { console.log(JSON.stringify({ error: error.message })); }`;
	const [command = '', ...args] = [...prefix, process.execPath, '--input-type=module', '-e', script, directory];
	const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true, cwd: '/' });
	children.push(child);
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	return { child, line: async (): Promise<string> => (await lines.next()).value ?? '' };
}

const deadPid = () => spawnSync('true').pid;

describe('data', () => {
	it('survives a restart as UTF-8 text, and only its owner can read the password', async () => {
		const first = await start();
		await query(first.url, "CREATE TABLE kept AS SELECT 'Käse' AS text");
		await first.stop();
		const second = await start();
		expect(await query(second.url, 'SELECT upper(text), current_user, current_database() FROM kept')).toEqual([
			'KÄSE',
			'bodega',
			'bodega',
		]);
		expect(statSync(join(shared, 'password')).mode & 0o777).toBe(0o600);
		await expect(query(second.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password');
	});

	it('is separate in each directory, and two directories can run in parallel', async () => {
		const [one, two] = await Promise.all([start(), start({ directory: join(root, 'other'), maxConnections: 20 })]);
		expect(one.port).not.toBe(two.port);
		expect(await query(two.url, "SELECT to_regclass('kept')")).toEqual([null]);
		expect(await query(two.url, 'SHOW max_connections')).toEqual(['20']);
		expect(await query(one.url, 'SHOW max_connections')).toEqual(['100']);
	});

	it('is created again when it is incomplete', async () => {
		const directory = join(root, 'half');
		const abandoned = join(directory, `data.new-${deadPid()}-abcdef`);
		for (const half of [join(directory, 'data'), abandoned]) {
			mkdirSync(half, { recursive: true });
			writeFileSync(join(half, 'PG_VERSION'), '18\n');
		}
		const { url } = await start({ directory });
		expect(await query(url, 'SELECT 1')).toEqual([1]);
		expect(existsSync(abandoned)).toBe(false);
	});

	it('is created again after a kill during its creation', async () => {
		const directory = join(root, 'killed');
		mkdirSync(directory);
		const { child } = supervisor(directory);
		for await (const [, name] of on(watch(directory), 'change')) if (name.startsWith('data.new-')) break;
		child.kill('SIGKILL');
		await once(child, 'exit');
		expect(readdirSync(directory)).not.toContain('data');
		const { url } = await start({ directory });
		expect(await query(url, 'SELECT 1')).toEqual([1]);
	});

	it('of another major version is rejected with both versions', async () => {
		const directory = join(root, 'old');
		mkdirSync(join(directory, 'data/global'), { recursive: true });
		writeFileSync(join(directory, 'data/PG_VERSION'), '17\n');
		writeFileSync(join(directory, 'data/global/pg_control'), '');
		writeFileSync(join(directory, 'password'), 'secret');
		await expect(start({ directory })).rejects.toThrow(/is of Postgres 17, and this is Postgres 18/);
	});
});

describe('a directory', () => {
	it('runs only one Postgres when several start in parallel', async () => {
		const directory = join(root, 'contested');
		const contenders = [supervisor(directory), supervisor(directory), supervisor(directory)];
		const answers = await Promise.all(contenders.map(({ line }) => line()));
		const [winner = '', ...others] = answers.filter((answer) => !answer.includes('error'));
		expect(others).toEqual([]);
		expect(await query(JSON.parse(winner).url, 'SELECT 1')).toEqual([1]);
		const losers = answers.filter((answer) => answer !== winner);
		for (const loser of losers) expect(loser).toMatch(/Bodega already runs on .* stop it first/);
	});

	it('is rejected while its supervisor runs', async () => {
		await start();
		await expect(start()).rejects.toThrow(`Bodega already runs on ${shared}/data, as process ${process.pid}`);
	});

	it('is taken over from a Postgres whose supervisor has ended', async () => {
		const { port, stop } = await start();
		await stop();
		const { postgres } = findBinaries();
		const settings = [ownerSetting(deadPid()), `port=${port}`, 'unix_socket_directories='];
		const args = ['-D', join(shared, 'data'), ...settings.flatMap((setting) => ['-c', setting])];
		const leftover = spawn(...asAccount(chooseAccount(postgres, shared), postgres, args), {
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		children.push(leftover);
		for await (const line of createInterface({ input: leftover.stderr })) if (line.includes('is ready')) break;
		const exit = once(leftover, 'exit');
		const { url } = await start();
		expect(await exit).toEqual([0, null]);
		expect(await query(url, 'SELECT 1')).toEqual([1]);
	});

	it.each(['dead', "another program's"])('is free when the process of its postmaster.pid is %s', async (whose) => {
		const crashed = Promise.withResolvers<void>();
		const { pid } = await start({ onExit: () => crashed.resolve() });
		process.kill(pid, 'SIGKILL');
		await crashed.promise;
		const file = join(shared, 'data/postmaster.pid');
		const other = spawn('sleep', ['60']);
		children.push(other);
		if (whose !== 'dead') writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(other.pid)));
		const { url } = await start();
		expect(await query(url, 'SELECT text FROM kept')).toEqual(['Käse']);
		expect(other.exitCode ?? other.signalCode).toBeNull();
	});
});

describe('Postgres', () => {
	it('ends when its supervisor is killed', async () => {
		const { child, line } = supervisor(shared);
		const { url } = JSON.parse(await line()) as Postgres;
		const client = new pg.Client(url);
		client.on('error', () => {}); // Postgres sends the reason for the disconnect.
		await client.connect();
		const ended = new Promise<void>((resolve) => client.once('end', resolve));
		child.kill('SIGKILL');
		await ended;
		await gone(shared);
	});

	it('does not receive the Ctrl-C that its supervisor receives', async () => {
		const { child, line } = supervisor(shared, "process.on('SIGINT', () => console.log('heard'))");
		const { url } = JSON.parse(await line()) as Postgres;
		process.kill(-Number(child.pid), 'SIGINT');
		expect(await line()).toBe('heard');
		expect(await query(url, 'SELECT 1')).toEqual([1]);
	});

	it('reports an unexpected exit but not a requested one, and restarts on its port', async () => {
		const ends: [Ending, readonly string[]][] = [];
		const crashed = Promise.withResolvers<void>();
		const logged: string[] = [];
		const onExit = (...end: [Ending, readonly string[]]) => crashed.resolve(void ends.push(end));
		const first = await start({ onExit, log: (line) => logged.push(line) });
		process.kill(first.pid, 'SIGQUIT');
		await crashed.promise;
		expect(ends).toEqual([[0, expect.arrayContaining([expect.stringContaining('immediate shutdown')])]]);
		expect(logged.join()).toContain('immediate shutdown');
		const second = await start({ port: first.port, onExit });
		expect(second.port).toBe(first.port);
		await second.stop();
		await second.stop();
		expect(ends).toHaveLength(1);
	});

	it('continues its sequences after a crash without giving a number twice', async () => {
		const crashed = Promise.withResolvers<void>();
		const insert = 'INSERT INTO numbered DEFAULT VALUES';
		const { url, pid } = await start({ unsafe: false, onExit: () => crashed.resolve() });
		// As in a migration, the transaction that creates the table also writes its first row.
		const table = 'CREATE TABLE numbered (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY)';
		await query(url, `DO $$ BEGIN ${table}; ${insert}; END $$`);
		for (const _ of [1, 2, 3]) await query(url, insert);
		process.kill(pid, 'SIGKILL');
		await crashed.promise;
		const second = await start();
		await query(second.url, insert);
		expect(await query(second.url, 'SELECT count(*)::int FROM numbered')).toEqual([5]);
	});

	it('fails when its port is in use, and starts on it when it is free again', async () => {
		const server = createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		await expect(start({ port })).rejects.toThrow(`another program uses its port ${port}`);
		server.close();
		const postgres = await start({ port });
		expect(await query(postgres.url, 'SELECT current_setting($$port$$)::int')).toEqual([port]);
	});
});

describe('the library links', () => {
	const native = join(root, 'package/native');
	mkdirSync(native, { recursive: true });
	writeFileSync(join(native, 'lib.so.1.2'), 'library');
	const links = [{ source: 'native/lib.so.1.2', target: 'native/lib.so.1' }];
	writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links));

	it('are named in the error, with the remedy, when they cannot be created', () => {
		// Not even root can create a link below a file.
		const refused = join(root, 'refused');
		mkdirSync(join(refused, 'native'), { recursive: true });
		writeFileSync(join(refused, 'native/file'), '');
		writeFileSync(
			join(refused, 'native/pg-symlinks.json'),
			JSON.stringify([{ source: 'native/lib.so.1.2', target: 'native/file/lib.so.1' }]),
		);
		expect(() => linkLibraries(refused)).toThrow(/lacks the link .*lib\.so\.1, .* set DATABASE_URL/);
	});

	it('are created once', () => {
		linkLibraries(join(root, 'package'));
		linkLibraries(join(root, 'package'));
		expect(readFileSync(join(native, 'lib.so.1'), 'utf8')).toBe('library');
	});
});

describe.runIf(isRoot)('root', () => {
	it('runs Postgres in a directory that only another user can enter, and in its own again', async () => {
		const closed = join(root, 'closed');
		const directory = join(closed, 'postgres');
		// A user namespace, or nobody where namespaces are denied, as in most containers.
		const { uid } = chooseAccount(findBinaries().postgres, root);
		await (await start({ directory })).stop();
		expect(statSync(join(directory, 'data')).uid).toBe(uid);
		chownSync(closed, 12345, 12345);
		chmodSync(closed, 0o700);
		const other = await start({ directory });
		expect(await query(other.url, 'SELECT 1')).toEqual([1]);
		expect(statSync(join(directory, 'data')).uid).toBe(65534);
		await other.stop();
		chownSync(closed, 0, 0);
		await (await start({ directory })).stop();
		expect(statSync(join(directory, 'data/base')).uid).toBe(uid);
	});

	it('gets the remedy where it cannot become another user', () => {
		const { postgres } = findBinaries();
		expect(() => chooseAccount(postgres, root, [{ prefix: ['false'], uid: 1 }])).toThrow('set DATABASE_URL');
	});

	const readable = spawnSync('setpriv', [...asNobody.slice(1), 'test', '-r', import.meta.filename]).status === 0;
	it.runIf(readable)('is not needed: an ordinary user runs Postgres as itself', async () => {
		chmodSync(root, 0o755);
		const directory = join(root, 'ordinary');
		mkdirSync(directory);
		chownSync(directory, 65534, 65534);
		const { child, line } = supervisor(directory, '', asNobody);
		const { url } = JSON.parse(await line()) as Postgres;
		expect(await query(url, 'SELECT 1')).toEqual([1]);
		expect(statSync(join(directory, 'data/base')).uid).toBe(65534);
		child.kill('SIGKILL');
		await gone(directory);
	});
});
