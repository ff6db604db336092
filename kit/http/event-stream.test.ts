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
		summary: 'Streams the ticks',
		returns: z.object({ tick: z.int() }),
		alternatives: ['text/event-stream'],
	},
});

type Updates = (signal: AbortSignal) => AsyncIterable<unknown>;

/** Starts a function that streams these updates. */
async function streaming(updates: Updates, pace?: Parameters<typeof eventStream>[2]) {
	const operations = implement(api, {
		watch: (_input, _context, exchange) =>
			exchange.mediaType === 'text/event-stream' ? eventStream(exchange, updates, pace) : { tick: 0 },
	});
	const served = await serving(declare({ name: 'ticks', purpose: 'Ticks.', api }), { http: { operations } });
	return { ...served, url: `${served.url}/api/ticks` };
}

/** Starts a function that streams the ticks of the test. Each promise in `ended` resolves when a stream is aborted. */
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

test('sends each update immediately as one message, and ends the stream after the last', async () => {
	const { url, tick } = await ticking();
	const { answer, read } = await stream(url);
	expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
		200,
		'text/event-stream; charset=utf-8',
		'no-store',
	]);
	// Sent before any update, so that a browser sees the stream as open.
	expect(await read()).toBe('retry: 1000\n\n');
	for (const number of [1, 2]) {
		tick(number);
		expect(await read()).toBe(`data: {"tick":${number}}\n\n`);
	}
	tick();
	expect(await read()).toBeUndefined();
});

test('answers in JSON when the client does not request a stream', async () => {
	const { url } = await ticking();
	expect(await (await fetch(url)).json()).toEqual({ tick: 0 });
});

test('aborts the updates when the client disconnects', async () => {
	const { url, ended } = await ticking();
	const { read, leave } = await stream(url);
	await read();
	leave();
	await Promise.all(ended);
	expect(ended).toHaveLength(1);
});

test('ends its streams when the instance stops', async () => {
	const { url, stop } = await ticking();
	const { read } = await stream(url);
	await read();
	stop();
	expect(await read()).toBeUndefined();
});

const minute = 60_000;

test('sends heartbeats in a stream without updates', async () => {
	const { url, tick } = await ticking({ longest: minute, heartbeat: 1 });
	const { read } = await stream(url);
	let text = '';
	while (!text.includes(': still here\n\n: still here\n\n')) text += await read();
	tick(1);
	while (!text.includes('data: {"tick":1}\n\n')) text += await read();
});

test('ends a stream after its longest duration, and aborts the updates', async () => {
	const { url, ended } = await ticking({ longest: 1, heartbeat: minute });
	const answer = await fetch(url, { headers: { accept: 'text/event-stream' } });
	expect(await answer.text()).toBe('retry: 1000\n\n');
	await Promise.all(ended);
	expect(ended).toHaveLength(1);
});

test('does not produce updates that the client does not read, and releases them when it disconnects', async () => {
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

test('breaks the stream off and logs the error when the updates fail', async () => {
	const log = recordedLog();
	const read = Promise.withResolvers<void>();
	const { url } = await streaming(async function* () {
		yield { tick: 1 };
		await read.promise;
		throw new Error('the clock stopped');
	});
	const answer = await fetch(url, { headers: { accept: 'text/event-stream' } });
	read.resolve();
	await expect(answer.text()).rejects.toThrow();
	expect(log).toContainEqual(expect.objectContaining({ error: expect.stringContaining('the clock stopped') }));
});

test('answers a HEAD without starting the updates', async () => {
	const { url, ended } = await ticking();
	const head = await fetch(url, { method: 'HEAD', headers: { accept: 'text/event-stream' } });
	expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
	expect(ended).toEqual([]);
});
