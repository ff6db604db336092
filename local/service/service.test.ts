import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { aService, lives, openGate, reachable, source, told } from '../testing.ts';

const zero = (service: { state: string }) => expect.poll(() => service.state, { interval: 10 }).toBe('zero');

/** Waits for one cold start. An instance started too early would be visible by then. */
const aColdStart = async () => void (await told((await reachable()).url));

describe('from zero', () => {
	test('the first request starts an instance, and further requests wait for the same one', async () => {
		const gate = await openGate();
		const { service, url } = await reachable({ env: { GATE: gate.url, GATE_AT_START: '1' } });
		expect([service.state, service.instances, service.processes.history.cold_starts]).toEqual(['zero', 0, []]);
		const answers = [told(url), told(url), told(url)];
		const { pid, pass } = await gate.next();
		expect([service.state, service.instances]).toEqual(['starting', 0]);
		pass();
		expect((await Promise.all(answers)).map((answer) => answer.pid)).toEqual([pid, pid, pid]);
		expect([service.state, service.instances, service.processes.pids]).toEqual(['ready', 1, [pid]]);
		expect(service.processes.history.cold_starts[0]?.ms).toBeGreaterThan(0);
		expect(service.processes.history.history.map(({ instances }) => instances)).toEqual([0, 1]);
		expect([service.requests, gate.count()]).toEqual([3, 1]);
	});

	test('stops an idle instance, but not one with a running request', async () => {
		const gate = await openGate();
		const idle = 30;
		const { service, url } = await reachable({ idle, env: { GATE: gate.url } });
		const answer = told(`${url}/wait`);
		const { pid, pass } = await gate.next();
		// Another instance became idle later and has stopped. The first would have stopped too if it had counted as
		// idle.
		const other = await reachable({ idle });
		await told(other.url);
		await zero(other.service);
		expect([service.state, service.processes.pids, service.requests]).toEqual(['ready', [pid], 0]);
		pass();
		expect((await answer).pid).toBe(pid);
		expect(service.requests).toBe(1);
		await zero(service);
		await expect.poll(() => lives(pid)).toBe(false);
		expect((await told(url)).pid).not.toBe(pid);
	});
});

describe('under load', () => {
	test.each([
		['up to the declared maximum', { max: 2, cores: 4 }],
		['up to the number of cores', { max: 5, cores: 2 }],
	])('starts instances for requests beyond the target, %s', async (_what, { max, cores }) => {
		const gate = await openGate();
		const { service, url } = await reachable({ cores, scale: { max, concurrency: 1 }, env: { GATE: gate.url } });
		const pids = new Set<number>();
		const answers: Promise<unknown>[] = [];
		const passes: (() => void)[] = [];
		const ask = async () => {
			answers.push(told(`${url}/wait`));
			const { pid, pass } = await gate.next();
			pids.add(pid);
			passes.push(pass);
		};
		await ask();
		expect(service.instances).toBe(1);
		await ask(); // Served by the only instance, instead of waiting for the second.
		await expect.poll(() => service.instances).toBe(2);
		await ask();
		expect(pids.size).toBe(2);
		for (let more = 0; more < 4; more += 1) await ask();
		await aColdStart();
		expect([service.instances, service.state, pids.size]).toEqual([2, 'ready', 2]);
		for (const pass of passes) pass();
		await Promise.all(answers);
	});
});

test('starts a second instance when more requests than the target wait for the first', async () => {
	const gate = await openGate();
	const env = { GATE: gate.url, GATE_AT_START: '1' };
	const { service, url } = await reachable({ scale: { max: 2, concurrency: 1 }, env });
	const answers = [told(url), told(url)];
	const first = await gate.next();
	await expect.poll(() => service.traffic.queued).toBe(2);
	first.pass();
	const second = await gate.next();
	expect(second.pid).not.toBe(first.pid);
	second.pass();
	await Promise.all(answers);
	await expect.poll(() => service.instances).toBe(2);
});

describe('a change of scale', () => {
	const scaling = { idle: 60, concurrency: 1, max: 2 };

	test('of the concurrency and the maximum counts for the next request', async () => {
		const gate = await openGate();
		const { service, url } = await reachable({ scale: { max: 1, concurrency: 20 }, env: { GATE: gate.url } });
		const answers = [told(`${url}/wait`), told(`${url}/wait`)];
		const arrivals = [await gate.next(), await gate.next()];
		await aColdStart();
		expect(service.instances).toBe(1);
		service.scale(scaling);
		answers.push(told(`${url}/wait`));
		await expect.poll(() => service.instances).toBe(2);
		arrivals.push(await gate.next());
		for (const { pass } of arrivals) pass();
		await Promise.all(answers);
	});

	test('to a lower maximum stops the least busy instance, which finishes its request', async () => {
		const gate = await openGate();
		const { service, url } = await reachable({ scale: { max: 2, concurrency: 1 }, env: { GATE: gate.url } });
		const first = told(`${url}/wait`);
		const one = await gate.next();
		const second = told(`${url}/wait`);
		const two = await gate.next();
		await expect.poll(() => service.instances).toBe(2);
		service.scale({ ...scaling, max: 1 });
		expect(service.instances).toBe(1);
		for (const { pass } of [one, two]) pass();
		expect((await Promise.all([first, second])).map(({ pid }) => pid)).toEqual([one.pid, two.pid]);
		await expect.poll(() => service.pods).toEqual({ count: 1, desired: 1, pending: 0, terminating: 0 });
	});

	test('of the idle time counts for an instance that is idle already', async () => {
		const { service, url } = await reachable({ idle: 3_600_000 });
		await told(url);
		expect(service.instances).toBe(1);
		// A second after its last request, which is over by then or soon.
		service.scale({ ...scaling, idle: 1 });
		await zero(service);
	});
});

test('an inspected service has one instance, whatever its scale', async () => {
	const gate = await openGate();
	const scale = { max: 4, concurrency: 1 };
	const { service, url } = await reachable({ inspected: true, scale, env: { GATE: gate.url } });
	service.scale({ idle: 60, ...scale });
	expect(service.scaling).toMatchObject({ max: 1, limits: { max: 1 } });
	const answers = [told(`${url}/wait`), told(`${url}/wait`)];
	const arrivals = [await gate.next(), await gate.next()];
	for (const { pass } of arrivals) pass();
	expect(new Set((await Promise.all(answers)).map(({ pid }) => pid)).size).toBe(1);
});

test('a changed plan replaces the instances, and changes how the service scales only if its declared scale changes', async () => {
	const { service, url, plan } = await reachable({ scale: { max: 2, concurrency: 20 } });
	const set = { idle: 5, concurrency: 3, max: 1 };
	service.scale(set);
	const { pid } = await told(url);
	service.update({ ...plan, env: { WORD: 'new' } });
	expect(await told(url)).toMatchObject({ word: 'new', pid: expect.not.toSatisfy((other) => other === pid) });
	expect(service.scaling).toMatchObject(set);
	const { declaration } = plan.target;
	const scale = { ...declaration.scale, max: 3 };
	service.update({ ...plan, target: { ...plan.target, declaration: { ...declaration, scale } } });
	expect(service.scaling).toMatchObject({ idle: 5, concurrency: 20, max: 3 });
});

describe('an instance that crashes', () => {
	test('answers its requests with 502 and is restarted', async () => {
		const { service, url, log } = await reachable();
		const { pid } = await told(url);
		const answer = await fetch(`${url}/crash`);
		expect([answer.status, answer.headers.get('content-type')]).toEqual([
			502,
			'application/problem+json; charset=utf-8',
		]);
		expect(await answer.json()).toMatchObject({ status: 502, detail: expect.stringContaining('"thing" ended') });
		await expect.poll(() => service.processes.pids).not.toContain(pid);
		await expect.poll(() => service.processes.pids).toHaveLength(1);
		expect(log.join('\n')).toContain('crashed; restarting in 250 ms');
		expect((await told(url)).pid).toBe(service.processes.pids[0]);
	});

	test('during its response breaks the response off', async () => {
		const { url } = await reachable();
		const answer = await fetch(`${url}/half`);
		expect(answer.status).toBe(200);
		await expect(answer.text()).rejects.toThrow();
	});

	test('before it listens answers 503 with the reason and is retried with growing waits', async () => {
		const gate = await openGate();
		const { service, url, log } = await reachable({ env: { GATE: gate.url, GATE_AT_START: '1', DIE: '1' } });
		const passAll = async (): Promise<never> => {
			for (;;) (await gate.next()).pass();
		};
		void passAll();
		const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(url)));
		for (const answer of answers) {
			expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
			expect(((await answer.json()) as { detail: string }).detail).toBe(
				'The function "thing" cannot start: it exited before it listened, with exit code 1.',
			);
		}
		expect(gate.count()).toBe(1);
		expect(log.join('\n')).toContain('no good');
		// These requests arrive immediately. Without the backoff each of them would start a process.
		let detail = '';
		while (!detail.includes('keeps crashing')) ({ detail } = (await (await fetch(url)).json()) as { detail: string });
		expect(gate.count()).toBe(5);
		await Promise.all(Array.from({ length: 20 }, () => fetch(url)));
		expect([gate.count(), service.state]).toEqual([5, 'zero']);
		// New code or a new environment resets the backoff.
		service.setEnvironment({ DIE: '' });
		expect((await fetch(url)).status).toBe(200);
	});

	test('because it does not listen in time answers 503', async () => {
		const gate = await openGate();
		const { url } = await reachable({ patience: 200, env: { GATE: gate.url, GATE_AT_START: '1' } });
		const answer = await fetch(url);
		expect([answer.status, await answer.text()]).toEqual([
			503,
			expect.stringContaining('before it listened, with SIGKILL'),
		]);
	});

	test('because its bundle is missing answers 503', async () => {
		const { url } = await reachable({ bundle: '/nowhere/function.cjs' });
		expect((await fetch(url)).status).toBe(503);
	});
});

describe('new code', () => {
	test('delays requests during the build, and running requests finish with the old code', async () => {
		const gate = await openGate();
		const { service, url, bundle } = await reachable({ env: { GATE: gate.url } });
		const old = told(`${url}/wait`);
		const { pid, pass } = await gate.next();
		const built = Promise.withResolvers<void>();
		service.hold(built.promise.then(() => service.replace()));
		const held = told(url);
		writeFileSync(bundle, source('second'));
		built.resolve();
		expect((await held).code).toBe('second');
		expect(service.processes.pids).not.toContain(pid);
		expect(lives(pid)).toBe(true);
		pass();
		expect(await old).toMatchObject({ code: 'first', pid });
		await expect.poll(() => lives(pid)).toBe(false);
	});

	test('delays requests during a second build as well', async () => {
		const { service, url, bundle } = await reachable();
		const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
		service.hold(first.promise.then(() => service.replace()));
		const held = told(url);
		await expect.poll(() => service.traffic.queued).toBe(1);
		service.hold(second.promise.then(() => service.replace()));
		first.resolve();
		await aColdStart();
		writeFileSync(bundle, source('third'));
		second.resolve();
		expect((await held).code).toBe('third');
	});

	test('that fails to build leaves the old code running', async () => {
		const { service, url } = await reachable();
		const { pid } = await told(url);
		service.hold(Promise.reject(new Error('no')));
		expect((await told(url)).pid).toBe(pid);
	});

	test('replaces a starting instance', async () => {
		const gate = await openGate();
		const { service, url, bundle } = await reachable({ env: { GATE: gate.url, GATE_AT_START: '1' } });
		const early = told(url);
		const first = await gate.next();
		writeFileSync(bundle, source('second'));
		service.replace();
		const late = told(url);
		const second = await gate.next();
		second.pass();
		expect(await late).toMatchObject({ code: 'second', pid: second.pid });
		first.pass();
		expect((await early).code).toBe('second');
		await expect.poll(() => lives(first.pid)).toBe(false);
		expect([service.processes.pids, service.requests]).toEqual([[second.pid], 2]);
	});
});

test('variables override the planned ones for the next instance until they are removed', async () => {
	const { service, url } = await reachable({ env: { WORD: 'planned' } });
	expect((await told(url)).word).toBe('planned');
	service.setEnvironment({ WORD: 'set' });
	expect((await told(url)).word).toBe('set');
	service.setEnvironment({});
	expect((await told(url)).word).toBe('planned');
});

describe('close', () => {
	test('ends all serving, starting, terminating and stuck instances', async () => {
		const gate = await openGate();
		const env = { GATE: gate.url };
		const [ready, stubborn, starting, finishing] = await Promise.all([
			reachable(),
			reachable({ env: { STUBBORN: '1' } }),
			reachable({ env: { ...env, GATE_AT_START: '1' } }),
			reachable({ env }),
		]);
		const pids = [(await told(ready.url)).pid, (await told(stubborn.url)).pid];
		const unfinished = fetch(`${finishing.url}/wait`);
		pids.push((await gate.next()).pid);
		finishing.service.replace();
		const unstarted = fetch(starting.url);
		pids.push((await gate.next()).pid);
		expect(pids.filter(lives)).toHaveLength(4);
		await Promise.all([ready, stubborn, starting, finishing].map(({ service }) => service.close()));
		expect(pids.filter(lives)).toEqual([]);
		expect([(await unfinished).status, (await unstarted).status]).toEqual([502, 503]);
		const late = await fetch(ready.url);
		expect([late.status, ((await late.json()) as { detail: string }).detail]).toEqual([
			503,
			'The function "thing" cannot start: the shop is closing.',
		]);
	});

	test('cancels a pending restart', async () => {
		const gate = await openGate();
		const { service } = aService({ env: { GATE: gate.url, GATE_AT_START: '1', DIE: '1' } });
		const first = service.acquire();
		(await gate.next()).pass();
		await expect(first).rejects.toThrow('it exited before it listened');
		const second = service.acquire();
		await expect.poll(() => service.state, { interval: 1 }).toBe('starting');
		await service.close();
		await expect(second).rejects.toThrow('the shop is closing');
		expect(gate.count()).toBe(1);
	});
});
