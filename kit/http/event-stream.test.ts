import { once } from 'node:events';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { recordedLog, serving } from '../../tests/testing.ts';
import { contract } from '../declare/contract.ts';
import { declare } from '../declare/declare.ts';
import { eventStream } from './event-stream.ts';
import { implement } from './http.ts';

const api = contract('/api/ticks', {
	watch: {
		method: 'GET',
		path: '/',
		summary: 'The ticks as they come',
		returns: z.object({ tick: z.int() }),
		alternatives: ['text/event-stream'],
	},
});

type Updates = (signal: AbortSignal) => AsyncIterable<unknown>;

/** A function that streams these updates. */
async function streaming(updates: Updates, pace?: Parameters<typeof eventStream>[2]) {
	const operations = implement(api, {
		watch: (_input, _context, exchange) =>
			exchange.mediaType === 'text/event-stream' ? eventStream(exchange, updates, pace) : { tick: 0 },
	});
	const served = await serving(declare({ name: 'ticks', purpose: 'Ticks.', api }), { http: { operations } });
	return { ...served, url: `${served.url}/api/ticks` };
}

/** A function that streams what it is told to, and what becomes of its streams. */
async function ticking(pace?: Parameters<typeof eventStream>[2]) {
	let tick = (_: number | undefined): void => {};
	const ended: Promise<unknown>[] = [];
	const served = await streaming(async function* (signal) {
		ended.push(once(signal, 'abort'));
		for (;;) {
			const next = await new Promise<number | undefined>((resolve) => {
				tick = resolve;
			});
			if (next === undefined) return;
			yield { tick: next };
		}
	}, pace);
	return { ...served, ended, tick: (number?: number) => tick(number) };
}

async function stream(url: string) {
	const leaving = new AbortController();
	const answer = await fetch(url, { headers: { accept: 'text/event-stream' }, signal: leaving.signal });
	const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
	const read = async () => {
		const { value } = await reader.read();
		return value && Buffer.from(value).toString('utf8');
	};
	return { answer, read, leave: () => leaving.abort() };
}

test('each update is a message as soon as it comes, and the stream ends with the last', async () => {
	const { url, tick } = await ticking();
	const { answer, read } = await stream(url);
	expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
		200,
		'text/event-stream; charset=utf-8',
		'no-store',
	]);
	// Before there is any update: a browser knows that the stream is open.
	expect(await read()).toBe('retry: 1000\n\n');
	for (const number of [1, 2]) {
		tick(number);
		expect(await read()).toBe(`data: {"tick":${number}}\n\n`);
	}
	tick();
	expect(await read()).toBeUndefined();
});

test('who asks for JSON gets JSON', async () => {
	const { url } = await ticking();
	expect(await (await fetch(url)).json()).toEqual({ tick: 0 });
});

test('when the caller goes, so does what would be sent', async () => {
	const { url, ended } = await ticking();
	const { read, leave } = await stream(url);
	await read();
	leave();
	await Promise.all(ended);
	expect(ended).toHaveLength(1);
});

test('an instance that is told to stop ends its streams', async () => {
	const { url, stop } = await ticking();
	const { read } = await stream(url);
	await read();
	stop();
	expect(await read()).toBeUndefined();
});

const minute = 60_000;

test('a stream without news shows that it is there', async () => {
	const { url, tick } = await ticking({ longest: minute, heartbeat: 1 });
	const { read } = await stream(url);
	let text = '';
	while (!text.includes(': still here\n\n: still here\n\n')) text += await read();
	tick(1);
	while (!text.includes('data: {"tick":1}\n\n')) text += await read();
});

test('a stream ends after a while, and whatever follows it is told', async () => {
	const { url, ended } = await ticking({ longest: 1, heartbeat: minute });
	const answer = await fetch(url, { headers: { accept: 'text/event-stream' } });
	expect(await answer.text()).toBe('retry: 1000\n\n');
	await Promise.all(ended);
	expect(ended).toHaveLength(1);
});

test('updates that are not taken are not made, and let go of what they hold when the caller leaves', async () => {
	const made = Promise.withResolvers<void>();
	const left = Promise.withResolvers<void>();
	const { url } = await streaming(async function* () {
		try {
			for (;;) {
				yield { tick: 1, more: 'x'.repeat(1_000_000) };
				made.resolve();
			}
		} finally {
			left.resolve();
		}
	});
	const { leave } = await stream(url);
	await made.promise;
	leave();
	await left.promise;
});

test('updates that fail break the stream off', async () => {
	const log = recordedLog();
	const read = Promise.withResolvers<void>();
	const { url } = await streaming(async function* () {
		yield { tick: 1 };
		await read.promise;
		throw new Error('no more ticks');
	});
	const answer = await fetch(url, { headers: { accept: 'text/event-stream' } });
	read.resolve();
	await expect(answer.text()).rejects.toThrow();
	expect(log).toContainEqual(expect.objectContaining({ error: expect.stringContaining('no more ticks') }));
});

test('HEAD asks for no updates', async () => {
	const { url, ended } = await ticking();
	const head = await fetch(url, { method: 'HEAD', headers: { accept: 'text/event-stream' } });
	expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
	expect(ended).toEqual([]);
});
