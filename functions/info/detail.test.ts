import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { targetsOf } from '../../kit/declare/declare.ts';
import { environmentOf } from '../../kit/declare/environment.ts';
import { sampleShop } from '../../tests/library/library.ts';
import { asAdmin, asUser, freshDatabase, listen, recordedLog, type Serving, serving } from '../../tests/testing.ts';
import type { CurrentScaling, FunctionCode, FunctionDetail, LogLine } from './api.ts';
import info from './function.ts';
import * as http from './http.ts';

const limits = { idle: 3_600, concurrency: 1_000, max: 2 };

interface Runner {
	readonly url: string;
	/** The requests with the observer's token, as method and path. */
	readonly asked: string[];
	/** The lines of the processes, which a test adds. */
	readonly lines: { number: number; time: string; source: string; text: string }[];
	readonly scaled: Record<string, CurrentScaling>;
}

/** Starts a stand-in for the laptop's control API. */
async function startRunner(): Promise<Runner> {
	const runner: Omit<Runner, 'url'> = { asked: [], lines: [], scaled: {} };
	const state = { state: 'ready', instances: 1, requests: 9, history: [] };
	const server = createServer(async (req, res) => {
		const { pathname, searchParams } = new URL(req.url ?? '', 'http://runner');
		const body = (await req.setEncoding('utf8').toArray()).join('');
		if (req.headers.authorization === 'Bearer the-observer') runner.asked.push(`${req.method} ${req.url}`);
		const answer = (status: number, json: unknown): void => void res.writeHead(status).end(JSON.stringify(json));
		const service = /^\/functions\/(.+)\/scaling$/.exec(pathname)?.[1];
		if (pathname === '/lines') {
			const after = Number(searchParams.get('after'));
			const sources = searchParams.getAll('source');
			answer(
				200,
				runner.lines.filter(({ number, source }) => number > after && sources.includes(source)),
			);
		} else if (service) {
			const scaling = JSON.parse(body) as CurrentScaling;
			if (scaling.max > limits.max) answer(422, { faults: { max: 'expected a whole number from 1 to 2, found 3' } });
			else {
				runner.scaled[service] = { ...scaling, limits };
				answer(200, runner.scaled[service]);
			}
		} else
			answer(200, {
				shelves: {
					...state,
					...{ errors: 2, durations: [4, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] },
					cold_starts: [
						{ at: '2026-01-05T09:00:00.000Z', ms: 62 },
						{ at: '2026-01-05T09:01:00.000Z', ms: 20_000 },
					],
					scaling: { idle: 30, concurrency: 20, max: 2, limits },
				},
			});
	});
	return { ...runner, url: await listen(server) };
}

async function serveInfo(env: Record<string, string>): Promise<Serving> {
	const [target] = targetsOf(info);
	const own = environmentOf(target as NonNullable<typeof target>, sampleShop, { url: () => '', sink: '' });
	return serving(info, { http }, { ownerUrl: await freshDatabase(), env: { ...own, ...env } });
}

async function onLaptop(): Promise<Serving & { runner: Runner }> {
	const runner = await startRunner();
	return { runner, ...(await serveInfo({ RUNNER_URL: runner.url, RUNNER_TOKEN: 'the-observer' })) };
}

test('returns durations cold against warm, errors, and how the function scales', async () => {
	const { fetch } = await onLaptop();
	const detail = (await (await fetch('/api/functions/shelves')).json()) as FunctionDetail;
	expect(detail).toMatchObject({ name: 'shelves', platform: 'laptop', scaling: { idle: 30, max: 2, limits } });
	const [shelves, events] = detail.services;
	expect([shelves?.name, shelves?.errors, events?.name, events?.errors]).toEqual(['shelves', 2, 'shelves-events', 0]);
	expect(shelves?.durations.filter(({ cold, warm }) => cold + warm > 0)).toEqual([
		{ up_to_ms: 1, cold: 0, warm: 4 },
		{ up_to_ms: 2, cold: 0, warm: 3 },
		{ up_to_ms: 100, cold: 1, warm: 0 },
		{ up_to_ms: null, cold: 1, warm: 1 },
	]);
	expect(events?.durations.every(({ cold, warm }) => cold + warm === 0)).toBe(true);
});

test('answers 404 about an unknown function, and names those that exist', async () => {
	const { fetch } = await onLaptop();
	for (const path of ['/api/functions/nobody', '/api/functions/nobody/code', '/api/functions/..%2finfo/code']) {
		const answer = await fetch(path);
		expect([path, answer.status]).toEqual([path, 404]);
		expect(((await answer.json()) as { detail: string }).detail).toMatch(/The functions are: shelves, loans/);
	}
});

test('returns the code that the build has written', async () => {
	const root = mkdtempSync(join(tmpdir(), 'bodega-code-'));
	onTestFinished(() => rmSync(root, { recursive: true }));
	mkdirSync(join(root, 'code'));
	const { files, ...derived } = {
		declaration: { name: 'shelves' },
		operations: [],
		manifests: 'kind: Service\n',
		files: [{ path: 'functions/shelves/function.ts', text: 'export default 1;', complete: true }],
	} satisfies FunctionCode;
	writeFileSync(join(root, 'code', 'shelves.json'), JSON.stringify(derived));
	writeFileSync(join(root, 'code', 'shelves.sources.json'), JSON.stringify(files));
	const { fetch } = await serveInfo({ RUNNER_URL: 'http://127.0.0.1:1', CODE_ROOT: root });
	expect(await (await fetch('/api/functions/shelves/code')).json()).toEqual({ ...derived, files });
});

const trace = '0af7651916cd43dd8448eb211c80319c';
const json = (severity: string, message: string, more: object = {}): string =>
	JSON.stringify({ time: '2026-01-05T09:00:00.000Z', severity, function: 'shelves', message, trace, ...more });

/** Adds lines to the runner's. */
const print = ({ lines }: Runner, ...texts: string[]): void => {
	for (const text of texts)
		lines.push({ number: lines.length + 1, time: '2026-01-05T09:00:01.000Z', source: 'shelves', text });
};

test('lists the log to admins only, filtered by severity and trace', async () => {
	const { runner, fetch } = await onLaptop();
	print(
		runner,
		json('INFO', 'request', { status: 200 }),
		'not JSON',
		json('ERROR', 'broken', { error: 'x'.repeat(9_000) }),
	);
	runner.lines.push({ number: 9, time: '', source: 'loans', text: 'of another function' });
	const ask = async (query: string) =>
		(await (await fetch(`/api/functions/shelves/log${query}`, { headers: asAdmin })).json()) as LogLine[];
	const first = { time: '2026-01-05T09:00:00.000Z', service: 'shelves', severity: 'INFO', message: 'request', trace };
	const second = { time: '2026-01-05T09:00:01.000Z', service: 'shelves', severity: 'INFO', message: 'not JSON' };
	expect(await ask('')).toEqual([
		{ ...first, fields: { status: 200 } },
		{ ...second, trace: null, fields: {} },
		expect.objectContaining({ severity: 'ERROR', fields: { error: 'x'.repeat(2_000) } }),
	]);
	expect((await ask('?severity=WARNING')).map(({ message }) => message)).toEqual(['broken']);
	expect((await ask(`?trace=${trace.slice(0, 8)}`)).map(({ message }) => message)).toEqual(['request', 'broken']);
	expect(await ask('?trace=ffff')).toEqual([]);
	expect(runner.asked).toContain('GET /lines?after=0&source=shelves&source=shelves-events');
	expect((await fetch('/api/functions/shelves/log')).status).toBe(401);
	expect((await fetch('/api/functions/shelves/log', { headers: asUser() })).status).toBe(403);
	expect((await fetch('/api/functions/shelves/log?trace=nonsense', { headers: asAdmin })).status).toBe(422);
});

/** Follows the log; `next` returns the next line of the stream. */
async function following({ fetch }: Serving) {
	const leaving = new AbortController();
	onTestFinished(() => leaving.abort());
	const headers = { ...asAdmin, accept: 'text/event-stream' };
	const answer = await fetch('/api/functions/shelves/log', { headers, signal: leaving.signal });
	if (!answer.body) throw new Error('no stream');
	const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
	let text = '';
	const next = async (): Promise<LogLine> => {
		for (;;) {
			const message = /^data: (.*)\n\n/m.exec(text);
			if (message) {
				text = text.slice(message.index + message[0].length);
				return JSON.parse(message[1] as string) as LogLine;
			}
			const { done, value } = await reader.read();
			if (done) throw new Error('the stream has ended');
			text += value;
		}
	};
	return { status: answer.status, next, leave: () => leaving.abort() };
}

test('streams the last lines, then new ones, and says how many it leaves out', async () => {
	const shop = await onLaptop();
	print(shop.runner, ...Array.from({ length: 205 }, (_, index) => `line ${index}`));
	const { next } = await following(shop);
	expect((await next()).message).toBe('line 5');
	for (let index = 6; index < 205; index += 1) await next();
	print(shop.runner, 'a new one');
	expect((await next()).message).toBe('a new one');
	print(shop.runner, ...Array.from({ length: 203 }, (_, index) => `flood ${index}`));
	expect(await next()).toMatchObject({ severity: 'WARNING', message: expect.stringContaining('3 lines are left out') });
	expect((await next()).message).toBe('flood 3');
});

test('answers 503 to the seventeenth stream, until another ends', async () => {
	recordedLog();
	const shop = await onLaptop();
	print(shop.runner, 'a line');
	const streams = await Promise.all(Array.from({ length: 16 }, () => following(shop)));
	await Promise.all(streams.map(({ next }) => next()));
	const headers = { ...asAdmin, accept: 'text/event-stream' };
	const refused = await shop.fetch('/api/functions/shelves/log', { headers });
	expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60']);
	for (const { leave } of streams) leave();
	const status = async (): Promise<number> => {
		const answer = await shop.fetch('/api/functions/shelves/log', { headers });
		await answer.body?.cancel();
		return answer.status;
	};
	await expect.poll(status).toBe(200);
});

test('changes how both Services of a function scale, for admins, and names what the machine does not allow', async () => {
	const { runner, fetch } = await onLaptop();
	const scale = async (body: unknown, headers: Record<string, string> = asAdmin) => {
		const answer = await fetch('/api/functions/shelves/scaling', { method: 'PUT', headers, body });
		return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
	};
	const scaling = { idle: 5, concurrency: 2, max: 1 };
	expect(await scale(scaling)).toEqual({ status: 200, json: { ...scaling, limits } });
	expect(runner.scaled).toEqual({ shelves: { ...scaling, limits }, 'shelves-events': { ...scaling, limits } });
	const tooMany = await scale({ ...scaling, max: 3 });
	expect(tooMany).toMatchObject({
		status: 422,
		json: { errors: [{ field: 'body.max', detail: 'expected a whole number from 1 to 2, found 3' }] },
	});
	expect((await scale({ ...scaling, idle: 0 })).json).toMatchObject({ errors: [{ field: 'body.idle' }] });
	expect((await scale(scaling, asUser())).status).toBe(403);
	expect(runner.scaled['shelves']).toEqual({ ...scaling, limits });
});

test('with Compose, says how to read the log and how to scale', async () => {
	const { fetch } = await serveInfo({ TARGET_URLS: '{}' });
	const log = await fetch('/api/functions/shelves/log', { headers: asAdmin });
	expect([log.status, await log.json()]).toMatchObject([
		409,
		{ detail: expect.stringContaining('docker compose logs -f shelves shelves-events') },
	]);
	const body = { idle: 5, concurrency: 2, max: 1 };
	const scaled = await fetch('/api/functions/shelves/scaling', { method: 'PUT', headers: asAdmin, body });
	expect([scaled.status, await scaled.json()]).toMatchObject([
		409,
		{ detail: expect.stringContaining('functions/shelves/function.ts') },
	]);
	expect(await (await fetch('/api/functions/shelves')).json()).toMatchObject({ platform: 'compose', scaling: null });
});
