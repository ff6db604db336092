import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../local/free-port.ts';
import { startPostgres } from '../local/postgres/postgres.ts';
import { getAs } from '../local/testing.ts';
import { adminPassword, Command, Shop, type Surroundings } from './command.ts';
import { copyWithLibrary } from './copy.ts';
import { asOwner } from './testing.ts';

vi.setConfig({ testTimeout: 60_000 });

const { copy, remove } = await copyWithLibrary();
const folder = mkdtempSync(join(tmpdir(), 'bodega-start-'));
const data = join(folder, 'data');
const opened: Shop[] = [];

afterAll(() => {
	remove();
	rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function open(args: readonly string[] = [], surroundings: Surroundings = {}, where = data): Promise<Shop> {
	const port = args.includes('--port') ? [] : ['--port', '0'];
	const shop = await Shop.open(copy, where, [...port, ...args], surroundings);
	opened.push(shop);
	return shop;
}

/** Closes the shops that a failed test has left open. */
async function closeAll(): Promise<void> {
	for (const { child, exit } of opened.splice(0)) if (child.kill()) await exit;
}

/** Expects a start to fail, and returns its output. */
async function refused(args: readonly string[]): Promise<string> {
	const command = new Command(copy, ['start', '--port', '0', '--data', data, ...args]);
	expect(await command.exit).toBe(1);
	await command.said(/Bodega could not open/);
	return command.output;
}

/** Adds a title to the shelves and returns its id. */
async function addTitle(shop: Shop, title: string, copies = 9): Promise<number> {
	const answer = await shop.fetch('/api/shelves', {
		method: 'POST',
		headers: { ...(await shop.admin()), 'content-type': 'application/json' },
		body: JSON.stringify({ title, deposit: '1.00', copies }),
	});
	expect(answer.status).toBe(201);
	return ((await answer.json()) as { id: number }).id;
}

const titles = async (shop: Shop): Promise<string[]> => {
	const answer = await shop.fetch('/api/shelves');
	return ((await answer.json()) as { title: string }[]).map(({ title }) => title);
};

/** Requests a loan and waits until it is settled. */
const lend = async (shop: Shop, title_id: number): Promise<unknown> => {
	const answer = await shop.fetch('/api/loans', {
		method: 'POST',
		headers: { 'content-type': 'application/json', prefer: 'wait=30' },
		body: JSON.stringify({ title_id, reader: 'Ada', copies: 1 }),
	});
	return await answer.json();
};

/** Sends requests until the shop stops; resolves when one has been answered and others are in progress. */
async function keepBusy(shop: Shop): Promise<{ ended: Promise<unknown> }> {
	const title = await addTitle(shop, 'Popular', 1_000_000);
	const loans = async (): Promise<void> => {
		for (;;) await lend(shop, title);
	};
	expect(await lend(shop, title)).toMatchObject({ status: 'granted' });
	const { body } = await shop.fetch('/api/events', { headers: { accept: 'text/event-stream' } });
	const [first, rest] = (body as ReadableStream<Uint8Array>).tee();
	const ended = Promise.allSettled([...Array.from({ length: 10 }, loans), new Response(rest).text()]);
	await first.getReader().read();
	return { ended };
}

/** Returns the superuser's URL of the shop's Postgres, whose port is in the fourth line of its pid file. */
function ownerUrl(): string {
	const password = readFileSync(join(data, 'postgres', 'password'), 'utf8').trim();
	const port = readFileSync(join(data, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[3];
	return `postgresql://bodega:${password}@127.0.0.1:${port}/bodega`;
}

const pending = async (db: pg.Client): Promise<number> =>
	(await db.query(`select count(*)::int as loans from loans.loans where status = 'pending'`)).rows[0].loans;

const edit = (file: string, from: string | RegExp, to: string): void => {
	const text = readFileSync(join(copy, file), 'utf8');
	const edited = text.replace(from, to);
	expect(edited).not.toBe(text);
	writeFileSync(join(copy, file), edited);
};

describe('an open shop', () => {
	let shop: Shop;
	beforeAll(async () => {
		shop = await open();
	}, 60_000);
	afterAll(closeAll);

	test('serves its page and its functions, but not the event targets', async () => {
		expect(await (await shop.fetch('/')).text()).toContain('<title>');
		expect(await titles(shop)).toContain('Emma');
		const { url } = shop.running;
		const shelves = await getAs(`shelves.${new URL(url).host}`, `${url}/api/shelves`);
		expect([shelves.status, (shelves.json as unknown as unknown[]).length]).toEqual([200, (await titles(shop)).length]);
		expect((await getAs(`shelves-events.${new URL(url).host}`, url)).status).toBe(404);
		expect(shop.output).toContain('admin@bodega.local; its password is ADMIN_PASSWORD');
		expect(shop.output).not.toMatch(/postgresql:\/\/\w+:\w/);
	});

	test('is not affected by a second start, which fails and says what to do', async () => {
		await addTitle(shop, 'Kept');
		for (const args of [[], ['--fresh']])
			expect(await refused(args)).toContain(
				`Bodega could not open: it already runs at ${shop.running.url}, with its data in ${data}. Use that one, ` +
					`stop it first (Ctrl-C in its terminal, or: kill ${shop.running.pid}), or start another shop with --data`,
			);
		expect(await titles(shop)).toContain('Kept');
		// The same holds while running.json is still missing.
		const { running } = shop;
		rmSync(join(data, 'running.json'));
		for (const args of [[], ['--fresh']])
			expect(await refused(args)).toMatch(/it already opens in another process, .*start another shop with --data/);
		writeFileSync(join(data, 'running.json'), JSON.stringify(running));
		expect(await titles(shop)).toContain('Kept');
	});

	test('runs an edited handler from the next request on, and the last working one while the edit does not build', async () => {
		const file = 'functions/shelves/http.ts';
		const edited = async () => {
			const answer = await shop.fetch('/api/shelves');
			expect(answer.status, await answer.text()).toBe(200);
			return answer.headers.get('x-edited');
		};
		expect(await edited()).toBeNull();
		edit(
			file,
			'async listTitles(_input, { db }) {',
			`async listTitles(_input, { db }, exchange) {exchange.header('x-edited', 'one');`,
		);
		expect(await edited()).toBe('one');
		edit(file, `'one'`, `'two'`);
		expect(await edited()).toBe('two');

		let from = shop.length;
		edit(file, `'two'`, `'three`);
		const lines = readFileSync(join(copy, file), 'utf8').split('\n');
		const line = lines.findIndex((text) => text.includes(`'three`)) + 1;
		expect(await edited()).toBe('two');
		expect((await shop.said(/functions\/shelves\/http\.ts:(\d+):/, from))[1]).toBe(String(line));
		from = shop.length;
		edit(file, `'three`, `'four'`);
		expect(await edited()).toBe('four');
		await shop.said(/shelves +rebuilt/, from);
		edit(file, `exchange.header('x-edited', 'four');`, '');
		expect(await edited()).toBeNull();
	});

	test('answers 503 for a function that does not build at the start, serves the others, and builds it again', async () => {
		const file = join(copy, 'functions/shelves/http.ts');
		expect(await shop.end('SIGTERM')).toBe(0);
		renameSync(file, `${file}.away`);
		try {
			shop = await open();
			expect(shop.output).toMatch(/Could not resolve "\.\/functions\/shelves\/http\.ts"/);
			const answer = await shop.fetch('/api/shelves');
			expect([answer.status, answer.headers.get('content-type')]).toEqual([
				503,
				'application/problem+json; charset=utf-8',
			]);
			expect(await answer.json()).toMatchObject({
				detail: expect.stringContaining('"shelves" cannot start: its build failed'),
			});
			expect((await shop.fetch('/api/loans/1')).status).toBe(404);
		} finally {
			renameSync(`${file}.away`, file);
		}
		await shop.said(/shelves +rebuilt/);
		expect(await titles(shop)).toContain('Kept');
	});

	test('answers a waiting request with the pending loan when it is closed', async () => {
		// Nothing delivers the event of the loan then.
		process.kill((await shop.processesOf()).broker, 'SIGSTOP');
		const from = shop.length;
		const answered = fetch(`${shop.running.url}/api/loans`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', prefer: 'wait=30' },
			body: JSON.stringify({ title_id: 1, reader: 'Ada', copies: 1 }),
		});
		await shop.said(/shelves +GET/, from);
		await expect.poll(() => asOwner(ownerUrl(), pending)).toBe(1);
		expect(await shop.end('SIGINT', shop.group)).toBe(0);
		const answer = await answered;
		expect(answer.status).toBe(201);
		expect(await answer.json()).toMatchObject({ status: 'pending' });
		shop = await open();
	});

	test('restarts its broker when it is killed', async () => {
		const broker = async () => (await shop.processesOf()).broker;
		const before = await broker();
		const from = shop.length;
		process.kill(before, 'SIGKILL');
		await shop.said(/exited \(SIGKILL\); restarting[\s\S]*listening/, from);
		expect(await broker()).not.toBe(before);
		expect(await lend(shop, 1)).toMatchObject({ status: 'granted' });
	});

	test('ends with Ctrl-C, and opens on the next free port when its port is taken', async () => {
		expect(await shop.end('SIGINT', shop.group)).toBe(0);
		const other = createServer().listen(0, '127.0.0.1');
		await once(other, 'listening');
		onTestFinished(() => void other.close());
		const { port } = other.address() as AddressInfo;
		const second = await open(['--port', String(port)]);
		const found = Number(new URL(second.running.url).port);
		expect(found).toBeGreaterThan(port);
		expect(second.output).toContain(`Port ${port} is taken; ${found} is the next free one.`);
		expect(await titles(second)).toContain('Kept');
		expect(second.output).toContain('admin@bodega.local; its password is ADMIN_PASSWORD');
		expect(second.output).not.toContain(adminPassword);
		expect(await second.end('SIGTERM')).toBe(0);
	});

	test('starts with new data with --fresh, and leaves foreign files alone', async () => {
		writeFileSync(join(data, 'notes.txt'), 'mine');
		const before = readFileSync(join(data, 'control-token'), 'utf8');
		const fresh = await open(['--fresh']);
		expect(await titles(fresh)).not.toContain('Kept');
		expect(readFileSync(join(data, 'notes.txt'), 'utf8')).toBe('mine');
		expect(readFileSync(join(data, 'control-token'), 'utf8')).not.toBe(before);
		expect(fresh.output).toContain('its password is ADMIN_PASSWORD');
		expect(await fresh.end('SIGTERM')).toBe(0);
		expect(existsSync(join(data, 'running.json'))).toBe(false);
	});
});

describe('a shop that ends', () => {
	afterEach(closeAll);

	/** Fills the pipe of the shop's output, so that its lines wait in its process. */
	async function block({ child, running }: Shop): Promise<void> {
		child.stdout?.pause();
		const ask = () => fetch(`${running.url}/api/shelves`, { signal: AbortSignal.timeout(2_000) }).catch(() => {});
		for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 200 }, ask));
	}

	/** Blocks the event loop of the shop's process for ever. */
	async function spin({ running }: Shop): Promise<void> {
		process.kill(running.pid, 'SIGUSR2');
		const ask = () => fetch(running.url, { signal: AbortSignal.timeout(500) });
		const answers = () => ask().then(Boolean, () => false);
		await expect.poll(answers).toBe(false);
	}

	const own = ({ running }: Shop) => running.pid;
	const first = ({ child }: Shop) => child.pid as number;
	const group = (shop: Shop) => shop.group;
	// A killed npm forwards no signal. `npx` runs the command in a shell, which does not end with npm.
	const npm = { prefix: ['sh', '-c', '"$@" & wait', 'npm'] };
	const spinning = { NODE_OPTIONS: `--import=data:text/javascript,process.on('SIGUSR2',()=>{for(;;);})` };
	const npx = { prefix: ['sh', '-c', `sh -c '"$@"; true' sh "$@" & wait`, 'npx'] };
	test.each([
		['it is killed', 'SIGKILL', own, {}, undefined],
		['the npm that started it is killed', 'SIGKILL', first, npm, undefined],
		['the npm that started it is killed while nobody reads its output', 'SIGKILL', first, npm, block],
		...(process.platform === 'linux'
			? ([
					[
						'the npm that started it is killed while its event loop is blocked',
						'SIGKILL',
						first,
						{ ...npm, env: spinning },
						spin,
					],
				] as const)
			: []),
		['the npx that started it is killed', 'SIGKILL', first, npx, undefined],
		['its terminal is closed', 'SIGHUP', group, {}, undefined],
		['Ctrl-C is pressed', 'SIGINT', group, {}, undefined],
		['Ctrl-C is pressed twice while nobody reads its output', 'SIGINT', group, {}, block],
	] as const)('leaves no process when %s during requests', async (_when, signal, pid, surroundings, before) => {
		const shop = await open([], surroundings, join(folder, 'ended'));
		const { ended } = await keepBusy(shop);
		// Like a process whose event loop is blocked, a suspended one sees nothing.
		const { functions } = await shop.processesOf();
		process.kill(functions['loans']?.[0] as number, 'SIGSTOP');
		await before?.(shop);
		if (before && signal === 'SIGINT') setTimeout(() => shop.child.kill(signal), 400);
		await shop.end(signal, pid(shop));
		await ended;
	});

	test('leaves no process when the reader of its output has gone', async () => {
		const shop = await open([], {}, join(folder, 'ended'));
		const { ended } = await keepBusy(shop);
		shop.child.stdout?.destroy();
		await shop.gone();
		await ended;
	});
});

describe('DATABASE_URL', () => {
	afterEach(closeAll);

	/** Starts two shops at the same moment, and expects that one opens and the other names it. */
	async function contest(folders: readonly string[], env: Record<string, string>, message: RegExp): Promise<void> {
		const commands = folders.map((where) => new Command(copy, ['start', '--port', '0', '--data', where], { env }));
		const opens = (command: Command) =>
			command.said(/Stop +Ctrl-C/).then(
				() => command,
				() => undefined,
			);
		const opened = (await Promise.all(commands.map(opens))).filter((command) => command !== undefined);
		expect(opened).toHaveLength(1);
		const [second] = commands.filter((command) => !opened.includes(command)) as [Command];
		expect(await second.exit).toBe(1);
		expect(second.output).toMatch(message);
		// The file with the process id can still be missing.
		expect(second.output).toMatch(new RegExp(`kill ${opened[0]?.child.pid}|\\(Ctrl-C in its terminal\\)`));
		expect(await opened[0]?.end('SIGTERM')).toBe(0);
	}

	test('names an existing Postgres, where --fresh deletes only the data of the shop', async () => {
		const postgres = await startPostgres({ directory: join(folder, 'own'), unsafe: true, maxConnections: 60 });
		onTestFinished(() => postgres.stop());
		const where = join(folder, 'elsewhere');
		const surroundings = { env: { DATABASE_URL: postgres.url } };
		await asOwner(postgres.url, (client) => client.query('create table mine as select 1 as one'));
		const first = await open([], surroundings, where);
		await addTitle(first, 'Kept');
		expect(await first.end('SIGINT')).toBe(0);
		expect(existsSync(join(where, 'postgres'))).toBe(false);
		const second = await open([], surroundings, where);
		expect(await titles(second)).toContain('Kept');
		// The connection that keeps other shops away is opened again.
		const holders = async (ended = ''): Promise<number[]> => {
			const sql = `select pid ${ended} from pg_locks where locktype = 'advisory' and objsubid = 2`;
			const { rows } = await asOwner(postgres.url, (client) => client.query<{ pid: number }>(sql));
			return rows.map(({ pid }) => pid);
		};
		const [before] = await holders(', pg_terminate_backend(pid)');
		await expect.poll(async () => (await holders()).filter((pid) => pid !== before)).toHaveLength(1);
		expect(await second.end('SIGINT')).toBe(0);
		const fresh = await open(['--fresh'], surroundings, where);
		expect(await titles(fresh)).toEqual(expect.not.arrayContaining(['Kept']));
		expect(await titles(fresh)).toContain('Emma');
		expect(await fresh.end('SIGINT')).toBe(0);
		const { rows } = await asOwner(postgres.url, (client) => client.query('select one from mine'));
		expect(rows).toEqual([{ one: 1 }]);
		await contest([where, where], surroundings.env, /it already (runs|opens)/);
		await contest([where, `${where}-too`], surroundings.env, /another shop uses the database/);
	});

	test('is reported without its password when it cannot be reached', async () => {
		const env = { DATABASE_URL: `postgresql://nobody:secret@127.0.0.1:${await freePort()}/nothing` };
		const command = new Command(copy, ['start', '--data', join(folder, 'nowhere')], { env });
		expect(await command.exit).toBe(2);
		await command.said(/Bodega could not open: DATABASE_URL is "postgresql:\/\/nobody:….*nothing listens there/);
		expect(command.output).not.toContain('secret');
	});
});

const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const isPossible =
	process.geteuid?.() === 0 &&
	spawnSync('setpriv', [...asNobody.slice(1), 'test', '-r', import.meta.filename]).status === 0;

test.runIf(isPossible)('an ordinary user opens a shop that root has built and only root can change', async () => {
	const where = join(folder, 'ordinary');
	chmodSync(copy, 0o755);
	chmodSync(folder, 0o755);
	mkdirSync(where);
	chownSync(where, 65534, 65534);
	const shop = await open([], { prefix: asNobody, env: { HOME: where } }, where);
	onTestFinished(closeAll);
	expect(await titles(shop)).toContain('Emma');
	expect(await shop.end('SIGTERM')).toBe(0);
	expect(existsSync(join(where, 'code-cache'))).toBe(true);
});
