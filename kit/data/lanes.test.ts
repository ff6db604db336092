import { expect, onTestFinished, test, vi } from 'vitest';
import { LaneBusy, Lanes } from './lanes.ts';
import { limits } from './limits.ts';

test('admits one after the other, in the order of arrival, and other lanes immediately', async () => {
	const lanes = new Lanes();
	const log: string[] = [];
	const enter = async (lane: string, name: string): Promise<() => void> => {
		const leave = await lanes.enter(lane);
		log.push(name);
		return leave;
	};
	const [first, ...others] = [enter('a', 'first'), enter('a', 'second'), enter('a', 'third')];
	await enter('b', 'other');
	expect(log).toEqual(['first', 'other']);
	(await first)();
	for (const next of others) (await next)();
	expect(log).toEqual(['first', 'other', 'second', 'third']);
	await enter('a', 'later');
	expect(log.at(-1)).toBe('later');
});

test('gives up a wait at its limit, and admits the next all the same', async () => {
	vi.useFakeTimers();
	onTestFinished(() => void vi.useRealTimers());
	const lanes = new Lanes();
	const leave = await lanes.enter('a');
	const vain = expect(lanes.enter('a')).rejects.toBeInstanceOf(LaneBusy);
	await vi.advanceTimersByTimeAsync(limits.connect - 1);
	const next = lanes.enter('a');
	await vi.advanceTimersByTimeAsync(1);
	await vain;
	leave();
	(await next)();
	await lanes.enter('a');
});
