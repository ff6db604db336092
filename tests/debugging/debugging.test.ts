import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../../local/free-port.ts';
import { Command, Shop } from '../command.ts';
import { copyWithLibrary } from '../copy.ts';
import { Debugger, type Place } from './inspector.ts';

vi.setConfig({ testTimeout: 60_000 });

const { copy, remove } = await copyWithLibrary();
const data = mkdtempSync(join(realpathSync(tmpdir()), 'bodega-debugging-'));
const port = await freePort();
let shop: Shop;

beforeAll(async () => {
	shop = await Shop.open(copy, data, ['--port', '0', '--idle', '1', '--types', '--inspect', `shelves:${port}`]);
});
afterAll(async () => {
	if (shop?.child.kill()) await shop.exit;
	remove();
	rmSync(data, { recursive: true, force: true, maxRetries: 5 });
});

const source = 'functions/shelves/http.ts';
const text = (): string => readFileSync(join(copy, source), 'utf8');

/** Changes the source until the test has finished, and waits until the new code runs. */
async function edit(from: string, to: string): Promise<void> {
	const before = text();
	expect(before).toContain(from);
	const save = async (content: string): Promise<void> => {
		const start = shop.length;
		writeFileSync(join(copy, source), content);
		await shop.said(/shelves +rebuilt/, start);
	};
	onTestFinished(() => save(before));
	await save(before.replace(from, to));
}

/** The place of a text in the source. */
const placeOf = (part: string): Place => ({ source, line: text().slice(0, text().indexOf(part)).split('\n').length });
const titles = () => shop.fetch('/api/shelves');
const query = 'select id, title, deposit, copies from titles order by id';

test('shows where in the sources an error was thrown, with the whole trace id, and shows the client neither', async () => {
	await edit('async listTitles(_input, { db }) {', "$&\n\t\tif (db) throw new Error('the shelf is broken');");
	const from = shop.length;
	const answer = await titles();
	expect(answer.status).toBe(500);
	expect(await answer.text()).not.toMatch(/broken|http\.ts|function\.cjs/);
	const { line } = placeOf("if (db) throw new Error('the shelf");
	await shop.said(/trace=[0-9a-f]{32}\b[\s\S]*Error: the shelf is broken/, from);
	await shop.said(new RegExp(`at .*functions/shelves/http\\.ts:${line}:\\d+`), from);
	await shop.said(/shelves +GET \/api\/shelves 500 .*trace=[0-9a-f]{32}/, from);
});

test('prints type errors as one saves, and when none are left', async () => {
	const from = shop.length;
	const before = text();
	writeFileSync(
		join(copy, source),
		before.replace('export const operations', "export const wrong: number = 'text';\n$&"),
	);
	await shop.said(/types +functions\/shelves\/http\.ts:5:14: error TS2322: Type 'string' is not/, from);
	writeFileSync(join(copy, source), before);
	await shop.said(/types +no type errors are left/, from);
});

describe('a debugger', () => {
	/** Attaches, and pauses a request at the query. */
	async function pauseRequest(): Promise<{ attached: Debugger; answer: Promise<Response> }> {
		const attached = await Debugger.attach(port, copy);
		await attached.breakAt(placeOf(query));
		const answer = titles();
		expect(await attached.paused()).toEqual(placeOf(query));
		return { attached, answer };
	}

	test('attaches to a function at zero, pauses a request at a line of its source, and resumes it', async () => {
		const { attached, answer } = await pauseRequest();
		const { functions } = await shop.processesOf();
		expect(functions['shelves']).toHaveLength(1);
		// More requests than one instance takes start no second one.
		const others = Array.from({ length: 30 }, titles);
		const figure = async (name: string): Promise<number> => {
			const all = await (await shop.fetch('/metrics')).text();
			return Number(new RegExp(`^${name}\\{.*"shelves-laptop".*\\} (\\d+)$`, 'm').exec(all)?.[1]);
		};
		await expect.poll(() => figure('kn_revision_request_active')).toBe(31);
		expect(await figure('kn_revision_pods_desired')).toBe(1);
		await attached.send('Debugger.disable');
		for (const { status } of await Promise.all([answer, ...others])) expect(status).toBe(200);
		expect((await shop.processesOf()).functions['shelves']).toEqual(functions['shelves']);
		attached.close();
	});

	test('attaches again after a rebuild, which lets the paused request finish', async () => {
		const { attached, answer } = await pauseRequest();
		const [before] = (await shop.processesOf()).functions['shelves'] as [number];
		await edit('export const operations', '\n$&');
		await attached.closed;
		expect((await answer).status).toBe(200);
		const again = await pauseRequest();
		expect((await shop.processesOf()).functions['shelves']).not.toContain(before);
		await again.attached.send('Debugger.resume');
		expect((await again.answer).status).toBe(200);
		again.attached.close();
	});

	test('keeps its function running, which scales to zero when it leaves, and crashes without waiting for it', async () => {
		const state = async () => {
			const states = (await (await fetch(`${shop.running.control}/functions`)).json()) as Record<
				string,
				{ state: string }
			>;
			return states['shelves']?.state;
		};
		const attached = await Debugger.attach(port, copy);
		expect(await state()).toBe('ready');
		attached.close();
		await expect.poll(state).toBe('zero');
		const again = await Debugger.attach(port, copy);
		const from = shop.length;
		void again.send('Runtime.evaluate', { expression: 'setImmediate(() => { throw new Error("crash") })' });
		await again.closed;
		await shop.said(/shelves +crashed; restarting/, from);
		expect((await titles()).status).toBe(200);
	});
});

describe('the declarations', () => {
	const folder = join(copy, 'functions/gift-cards');
	const write = (file: string, content: string) => writeFileSync(join(folder, file), content);
	const read = (file: string) => readFileSync(join(folder, file), 'utf8');
	const greet = () => shop.fetch('/api/gift-cards?name=Ada');
	/** Changes something, and waits until the shop has printed a text about the declarations. */
	async function change(work: () => unknown, pattern: RegExp): Promise<void> {
		const from = shop.length;
		await work();
		await shop.said(pattern, from);
	}

	test('of a new function are applied, and no request is lost meanwhile', async () => {
		const added = change(async () => {
			const { code } = await Command.run(copy, ['new', 'gift-cards']);
			expect(code).toBe(0);
		}, /declarations applied: added gift-cards; changed .*gateway/);
		let applied = false;
		void added.then(() => (applied = true));
		while (!applied) expect((await titles()).status).toBe(200);
		await added;
		expect(await (await greet()).json()).toEqual({ greeting: 'Hello, Ada!' });
		expect(await (await shop.fetch('/api/functions')).text()).toContain('"gift-cards"');
	});

	test.each([
		[
			'a syntax error',
			'export default declare({',
			'export default declare({{',
			/functions\/gift-cards\/function\.ts:4:\d+/,
		],
		['a contradiction', "name: 'gift-cards'", "name: 'shelves'", /The functions "shelves" and "shelves" both claim/],
	])('with %s leave everything as it was, and are applied when they are mended', async (_what, from, to, why) => {
		const before = read('function.ts');
		expect(before).toContain(from);
		await change(() => write('function.ts', before.replace(from, to)), new RegExp(`not applied[\\s\\S]*${why.source}`));
		expect((await titles()).status).toBe(200);
		await change(() => write('function.ts', before), /declarations applied/);
		expect((await greet()).status).toBe(200);
	});

	test('of data and reactions migrate the database and subscribe to events', async () => {
		write(
			'events.ts',
			`export const reactions = { 'loan.requested': (_, tx) => tx.query('insert into cards values (1)') };\n`,
		);
		const count =
			"greet: async (_, { db }) => ({ greeting: (await db.query('select from cards')).rowCount + ' cards' }),";
		write('http.ts', read('http.ts').replace(/greet: .*/, count));
		write('seed.ts', `export const seed = (db) => db.query('insert into cards values (0)').then(() => undefined);\n`);
		const more = "api,\n\tdata: true,\n\tseed: true,\n\treacts: ['loan.requested'],";
		write('function.ts', `import '../catalog.ts';\n${read('function.ts').replace('api,', more)}`);
		mkdirSync(join(folder, 'migrations'));
		await change(
			() => write('migrations/001-cards.sql', 'create table cards (id int;'),
			/not applied[\s\S]*syntax error/,
		);
		expect((await titles()).status).toBe(200);
		await change(
			() => write('migrations/001-cards.sql', 'create table cards (id int);'),
			/migrated gift_cards: 001-cards[\s\S]*declarations applied: added gift-cards-events; changed .*gift-cards/,
		);
		expect(await (await greet()).json()).toEqual({ greeting: '1 cards' });
		const loan = { title_id: 1, reader: 'Ada', copies: 1 };
		const headers = { 'content-type': 'application/json' };
		await shop.fetch('/api/loans', { method: 'POST', headers, body: JSON.stringify(loan) });
		await expect.poll(async () => await (await greet()).json()).toEqual({ greeting: '2 cards' });
	});

	test('of a removed function end it', async () => {
		const from = shop.output.length;
		await change(
			async () => expect((await Command.run(copy, ['remove', 'gift-cards'])).code).toBe(0),
			/declarations applied: changed .*; removed gift-cards/,
		);
		expect((await greet()).status).toBe(404);
		expect((await titles()).status).toBe(200);
		expect(shop.output.slice(from)).not.toMatch(/gift-cards +build failed/);
	});
});

test('a port in use, and a name that no function has, are refused with what to do', async () => {
	const other = createServer().listen(0, '127.0.0.1');
	await once(other, 'listening');
	onTestFinished(() => void other.close());
	const { port: taken } = other.address() as { port: number };
	const start = (value: string) =>
		Command.run(copy, ['start', '--port', '0', '--data', join(data, 'other'), '--inspect', value]);
	expect(await start(`loans:${taken}`)).toEqual({
		code: 2,
		output: expect.stringContaining(`--inspect loans:${taken}: this port is in use; choose another, such as`),
	});
	expect(await start('loan')).toEqual({
		code: 2,
		output: expect.stringMatching(/--inspect loan: expected one of .*loans/),
	});
});
