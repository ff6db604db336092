import { describe, expect, test } from 'vitest';
import { choose, surplus } from './balance.ts';

const of = (...loads: number[]) => loads.map((load) => ({ load, peak: load }));

describe('choose', () => {
	test('returns the busiest instance below the target, so that the others can go idle', () => {
		expect(choose(of(0, 3, 5, 7), 5)).toMatchObject({ load: 3 });
	});

	test('returns the least busy instance when all have reached the target', () => {
		expect(choose(of(9, 5, 7), 5)).toMatchObject({ load: 5 });
		expect(choose([], 5)).toBeUndefined();
	});
});

describe('surplus', () => {
	const returned = (loads: number[]) => {
		const instances = of(...loads);
		return instances.map((instance) => surplus(instance, instances, 5));
	};

	test('is half of the difference when one instance is above the target and another below', () => {
		expect(returned([20, 0])).toEqual([10, 0]);
	});

	test('is everything when another, busier instance has room for it', () => {
		expect(returned([3, 1])).toEqual([0, Number.MAX_SAFE_INTEGER]);
	});

	test.each([[[5]], [[9, 5]], [[5, 4]], [[2, 2]]])('is nothing for the loads %j', (loads) => {
		expect(returned(loads)).toEqual(loads.map(() => 0));
	});
});
