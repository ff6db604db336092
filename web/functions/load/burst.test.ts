import { expect, test } from 'vitest';
import { newBurst, percentile, run } from './burst.ts';

const never = new AbortController().signal;

test('ends after the given number of requests and limits how many run in parallel', async () => {
	const burst = newBurst();
	let [now, most] = [0, 0];
	const send = async (): Promise<void> => {
		now += 1;
		most = Math.max(most, now);
		await Promise.resolve();
		now -= 1;
	};
	await run(burst, send, { requests: 50, milliseconds: 60_000, atOnce: 6 }, never);
	expect([burst.sent, burst.failed, burst.durations.length, most]).toEqual([50, 0, 50, 6]);
});

test('starts no request after the time limit', async () => {
	const burst = newBurst();
	await run(burst, async () => {}, { requests: 50, milliseconds: 0, atOnce: 6 }, never);
	expect(burst.sent).toBe(0);
});

test('counts failed requests and continues', async () => {
	const burst = newBurst();
	const send = async (): Promise<void> => {
		if (burst.sent % 2) throw new Error(`no. ${burst.sent}`);
	};
	await run(burst, send, { requests: 6, milliseconds: 60_000, atOnce: 1 }, never);
	expect([burst.sent, burst.failed, burst.durations.length]).toEqual([6, 3, 3]);
	expect(burst.failure).toEqual(new Error('no. 5'));
});

test('stops immediately when aborted and does not count requests in flight', async () => {
	const burst = newBurst();
	const stop = new AbortController();
	const send = (signal: AbortSignal): Promise<void> =>
		new Promise((_, reject) => {
			signal.addEventListener('abort', () => reject(signal.reason));
			if (burst.sent === 0) queueMicrotask(() => stop.abort());
		});
	await run(burst, send, { requests: 50, milliseconds: 60_000, atOnce: 3 }, stop.signal);
	expect([burst.sent, burst.failed]).toEqual([0, 0]);
});

test('returns percentiles that are among the values', () => {
	const values = Array.from({ length: 100 }, (_, index) => 100 - index);
	expect([0, 0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([1, 50, 99, 100]);
	expect(percentile([7], 0.5)).toBe(7);
	expect(percentile([], 0.5)).toBeUndefined();
});
