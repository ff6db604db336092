import { expect, test } from 'vitest';
import { delayOf, wait } from './slow-down.ts';

/** An hour: the waits of these tests end for another reason. */
const long = 3_600_000;

test('an attempt waits after ten failed ones to its account, for at most four seconds', () => {
	expect([0, 10, 11, 12, 15, 16, 1_000_000].map(delayOf)).toEqual([0, 0, 250, 500, 4_000, 4_000, 4_000]);
});

test('ten attempts wait at most; another one ends the longest wait', async () => {
	const stop = new AbortController();
	const ended: number[] = [];
	const waits = Array.from({ length: 12 }, (_, index) => wait(long, stop.signal).then(() => ended.push(index)));
	await Promise.all(waits.slice(0, 2));
	expect(ended).toEqual([0, 1]);
	stop.abort();
	await Promise.all(waits);
	expect(ended.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index));
});

test('does not wait for a client that has disconnected', async () => {
	await wait(long, AbortSignal.abort());
	const leaving = new AbortController();
	const waiting = wait(long, leaving.signal);
	leaving.abort();
	await waiting;
});
