import { expect, test } from 'vitest';
import { InstanceHistory } from './instance-history.ts';

const minute = 60_000;
const at = (minutes: number): string => new Date(minutes * minute).toISOString();

test('stores changes of the number of instances, and ignores repeats', () => {
	const history = new InstanceHistory();
	for (const [minutes, instances] of [
		[0, 0],
		[1, 1],
		[2, 1],
		[3, 2],
	] as const)
		history.count(instances, minutes * minute);
	expect(history.told(3 * minute).history).toEqual([
		{ at: at(0), instances: 0 },
		{ at: at(1), instances: 1 },
		{ at: at(3), instances: 2 },
	]);
});

test('forgets changes older than ten minutes, except the last one before them', () => {
	const history = new InstanceHistory();
	for (let minutes = 0; minutes <= 30; minutes += 4) history.count(minutes % 8, minutes * minute);
	const toldAt = (minutes: number): string[] => history.told(minutes * minute).history.map((count) => count.at);
	expect(toldAt(28)).toEqual([at(16), at(20), at(24), at(28)]);
	// Also without a new change.
	expect(toldAt(34)).toEqual([at(24), at(28)]);
	expect(toldAt(100)).toEqual([at(28)]);
});

test('stores the last twenty cold starts', () => {
	const history = new InstanceHistory();
	for (let start = 1; start <= 25; start += 1) history.started(start + 0.4, start * minute);
	expect(history.told().cold_starts).toHaveLength(20);
	expect(history.told().cold_starts.at(-1)).toEqual({ at: at(25), ms: 25 });
});
