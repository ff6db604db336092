import { expect, onTestFinished, test, vi } from 'vitest';
import { LaneBusy, NoConnection } from './away.ts';
import { Lanes } from './lanes.ts';
import { limits } from './limits.ts';

/** Records the works of each transaction, which lasts until it is ended. */
function recorded() {
	const transactions: { readonly names: readonly string[]; readonly end: (error?: Error) => void }[] = [];
	const lanes = new Lanes<{ readonly name: string; readonly isRepeatable: boolean }>(
		(works) =>
			new Promise((resolve, reject) => {
				const names = works.map(({ name }) => name);
				transactions.push({ names, end: (error) => (error ? reject(error) : resolve(names)) });
			}),
	);
	return {
		run: (lane: string, name: string, isRepeatable = true) => lanes.run(lane, { name, isRepeatable }),
		begun: () => transactions.map(({ names }) => names.join(' ')),
		/** Ends the transaction with this index, once it has begun. */
		end: async (index: number, error?: Error) => {
			await expect.poll(() => transactions.length).toBeGreaterThan(index);
			transactions[index]?.end(error);
		},
	};
}

test('runs the works that wait in the next transaction together, and those of other lanes immediately', async () => {
	const { run, begun, end } = recorded();
	const works = ['one', 'two', 'three'].map((name) => run('a', name));
	void run('b', 'other');
	expect(begun()).toEqual(['one', 'other']);
	await end(0);
	await end(2);
	expect(begun()).toEqual(['one', 'other', 'two three']);
	expect(await Promise.all(works)).toEqual(['one', 'two', 'three']);
	void run('a', 'later');
	await expect.poll(() => begun().at(-1)).toBe('later');
});

test('runs a work that cannot be repeated alone, in its turn', async () => {
	const { run, begun, end } = recorded();
	const works = [run('a', 'one'), run('a', 'two'), run('a', 'single', false), run('a', 'three')];
	for (const index of works.keys()) await end(index);
	await Promise.all(works);
	expect(begun()).toEqual(['one', 'two', 'single', 'three']);
});

test('runs each work alone when their transaction fails, so that only those fail that fail alone', async () => {
	const { run, begun, end } = recorded();
	void run('a', 'one');
	const works = Promise.allSettled([run('a', 'good'), run('a', 'bad')]);
	await end(0);
	for (const [index, error] of [new Error('both'), undefined, new Error('bad')].entries()) await end(index + 1, error);
	expect(await works).toMatchObject([{ value: 'good' }, { reason: { message: 'bad' } }]);
	expect(begun()).toEqual(['one', 'good bad', 'good', 'bad']);
});

test('fails all works of a transaction whose connection was lost, because a new one would be lost too', async () => {
	const { run, begun, end } = recorded();
	void run('a', 'one');
	const works = Promise.allSettled([run('a', 'two'), run('a', 'three')]);
	await end(0);
	await end(1, new NoConnection('refused'));
	expect(await works).toMatchObject([{ reason: { message: 'refused' } }, { reason: { message: 'refused' } }]);
	expect(begun()).toHaveLength(2);
});

test('rejects a work while a thousand others wait for its lane', async () => {
	const { run, end } = recorded();
	const works = Array.from({ length: 1_001 }, (_, index) => run('a', `${index}`));
	await expect(run('a', 'more')).rejects.toThrow(new LaneBusy('1000 others wait for "a" already'));
	await end(0);
	await works[0];
	void run('a', 'later');
	for (let index = 1; index <= 50; index += 1) await end(index);
	expect(await Promise.all(works)).toHaveLength(1_001);
});

test('gives up a wait at its limit, and runs the next all the same', async () => {
	vi.useFakeTimers();
	onTestFinished(() => void vi.useRealTimers());
	const { run, begun, end } = recorded();
	void run('a', 'one');
	const vain = expect(run('a', 'vain')).rejects.toBeInstanceOf(LaneBusy);
	await vi.advanceTimersByTimeAsync(limits.connect - 1);
	void run('a', 'next');
	await vi.advanceTimersByTimeAsync(1);
	await vain;
	vi.useRealTimers();
	await end(0);
	await expect.poll(begun).toEqual(['one', 'next']);
});
