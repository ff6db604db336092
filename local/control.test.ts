import { expect, onTestFinished, test, vi } from 'vitest';
import { listenForControl } from './control.ts';
import { RecentLines } from './service/recent-lines.ts';
import { aService, getAs, reachable, told } from './testing.ts';

const authorization = 'Bearer the-token';

async function control() {
	const { service, url } = await reachable();
	const services = new Map([
		['thing', service],
		['other', aService({ name: 'other' }).service],
	]);
	const lines = new RecentLines();
	const vitals = async (): Promise<never> => {
		throw new Error('the database has gone');
	};
	const kill = vi.fn(async () => {});
	const tokens = { token: 'the-token', observerToken: 'the-observer', brokerToken: 'its-token' };
	const listening = await listenForControl({ services, ...tokens, broker: { pid: 42, kill }, lines, vitals });
	onTestFinished(() => void listening.server.close());
	return { service, url, control: listening.url, lines, kill };
}

test('returns the state of each function without a token', async () => {
	const { url, control: at } = await control();
	await told(url);
	const time = expect.stringMatching(/^\d{4}-.*Z$/);
	const since = (...counts: number[]) => ({ history: counts.map((instances) => ({ at: time, instances })) });
	expect(await (await fetch(`${at}/functions`)).json()).toEqual({
		thing: {
			state: 'ready',
			instances: 1,
			requests: 1,
			...since(0, 1),
			cold_starts: [{ at: time, ms: expect.any(Number) }],
			errors: 0,
			durations: expect.toSatisfy((counts: number[]) => counts.reduce((sum, count) => sum + count) === 1),
			scaling: { idle: 60, concurrency: 20, max: 4, limits: { idle: 3_600, concurrency: 1_000, max: 4 } },
		},
		other: expect.objectContaining({
			state: 'zero',
			instances: 0,
			requests: 0,
			...since(0),
			cold_starts: [],
			errors: 0,
		}),
	});
});

test('returns the processes to a client with the token', async () => {
	const { service, url, control: at } = await control();
	await told(url);
	expect((await fetch(`${at}/processes`)).status).toBe(401);
	const answer = await fetch(`${at}/processes`, { headers: { authorization } });
	expect(await answer.json()).toEqual({ broker: 42, functions: { thing: service.processes.pids, other: [] } });
});

test('kills the broker for the bearer of its token, who can do nothing else', async () => {
	const { control: at, kill } = await control();
	const post = async (token: string) => (await fetch(`${at}/broker/${token}/kill`, { method: 'POST' })).status;
	expect([await post('the-token'), await post('guessed')]).toEqual([401, 401]);
	expect(kill).not.toHaveBeenCalled();
	expect(await post('its-token')).toBe(204);
	expect(kill).toHaveBeenCalledOnce();
	expect((await fetch(`${at}/processes`, { headers: { authorization: 'Bearer its-token' } })).status).toBe(401);
});

test('returns the lines of the processes after a number, and why the database does not answer, with the token', async () => {
	const { control: at, lines } = await control();
	lines.add('thing', 'one');
	lines.add('thing', 'two');
	const ask = (path: string, headers: Record<string, string> = { authorization }) => fetch(`${at}${path}`, { headers });
	for (const path of ['/lines?after=0', '/vitals']) expect((await ask(path, {})).status).toBe(401);
	const line = { number: 2, source: 'thing', text: 'two', time: expect.any(String) };
	expect(await (await ask('/lines?after=1')).json()).toEqual([line]);
	const away = await ask('/vitals');
	expect([away.status, await away.json()]).toEqual([503, { detail: 'the database has gone' }]);
	lines.add('other', 'three');
	expect(
		(await (await ask('/lines?after=0&source=other&source=nobody')).json()).map(({ text }: { text: string }) => text),
	).toEqual(['three']);
	for (const path of ['/lines', '/lines?after=', '/lines?after=-1', '/lines?after=x', '/lines?after=0&source='])
		expect((await ask(path)).status).toBe(404);
});

test('changes how a function scales, and names what it does not allow', async () => {
	const { service, control: at } = await control();
	const scale = async (name: string, body: unknown, headers: Record<string, string> = { authorization }) => {
		const sent = { method: 'PUT', body: JSON.stringify(body), headers };
		const answer = await fetch(`${at}/functions/${name}/scaling`, sent);
		return [answer.status, await answer.json()];
	};
	const limits = { idle: 3_600, concurrency: 1_000, max: 4 };
	const scaling = { idle: 5, concurrency: 1, max: 3 };
	expect(await scale('thing', scaling)).toEqual([200, { ...scaling, limits }]);
	expect(service.scaling).toEqual({ ...scaling, limits });
	expect(await scale('thing', { idle: 0, concurrency: 1.5, max: 5 })).toEqual([
		422,
		{
			faults: {
				idle: 'expected a whole number from 1 to 3600, found 0',
				concurrency: 'expected a whole number from 1 to 1000, found 1.5',
				max: 'expected a whole number from 1 to 4, found 5',
			},
		},
	]);
	expect(await scale('thing', {})).toMatchObject([422, { faults: { max: expect.stringContaining('found none') } }]);
	expect(service.scaling).toEqual({ ...scaling, limits });
	expect((await scale('nobody', scaling))[0]).toBe(404);
	expect((await scale('thing', scaling, {}))[0]).toBe(401);
});

test('the token of the observer reads lines and changes how functions scale, and nothing else', async () => {
	const { control: at } = await control();
	const statuses = async (token: string) => {
		const headers = { authorization: `Bearer ${token}` };
		const put = { method: 'PUT', headers, body: '{"idle": 9, "concurrency": 9, "max": 1}' };
		const asked = [
			fetch(`${at}/lines?after=0`, { headers }),
			fetch(`${at}/functions/thing/scaling`, put),
			fetch(`${at}/functions/thing/env`, { ...put, body: '{}' }),
			fetch(`${at}/processes`, { headers }),
			fetch(`${at}/vitals`, { headers }),
		];
		return (await Promise.all(asked)).map(({ status }) => status);
	};
	expect(await statuses('the-observer')).toEqual([200, 200, 401, 401, 401]);
	expect(await statuses('another')).toEqual([401, 401, 401, 401, 401]);
});

test('sets the environment of a function for a client with the token', async () => {
	const { url, control: at } = await control();
	const set = (name: string, body: string, headers: Record<string, string> = { authorization }) =>
		fetch(`${at}/functions/${name}/env`, { method: 'PUT', body, headers });
	expect((await set('thing', '{"WORD":"stolen"}', {})).status).toBe(401);
	expect((await told(url)).word).toBeNull();
	expect((await set('thing', '{"WORD":"set"}')).status).toBe(200);
	expect((await told(url)).word).toBe('set');
	for (const malformed of ['{"WORD":', '["WORD"]', '{"WORD":1}', '']) {
		const answer = await set('thing', malformed);
		expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([
			400,
			expect.stringContaining('a JSON object of strings'),
		]);
	}
	expect((await told(url)).word).toBe('set');
	expect((await set('nobody', '{}')).status).toBe(404);
	expect((await fetch(`${at}/elsewhere`, { headers: { authorization } })).status).toBe(404);
});

test('refuses the scripts of websites, and foreign hosts', async () => {
	const { control: at } = await control();
	for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])
		expect((await fetch(`${at}/functions`, { headers: { authorization, ...headers } })).status).toBe(403);
	expect((await getAs('evil.example', `${at}/functions`)).status).toBe(421);
	expect((await getAs('localhost', `${at}/functions`)).status).toBe(200);
});
