import { expect, test } from 'vitest';
import { plan } from './plan.ts';
import { Random } from './random.ts';

const kinds = [
	{ name: 'kill', victims: ['books', 'orders'], lasts: [0, 0] },
	{ name: 'freeze', victims: ['books', 'orders'], lasts: [1, 6] },
	{ name: 'cut', victims: [], lasts: [2, 2] },
] as const;
const planned = (seed: number, seconds = 60) => plan(seed, seconds, kinds, [0.5, 4]);

test('plans the same faults for the same seed, and others for another', () => {
	expect(planned(7)).toEqual(planned(7));
	expect(planned(7)).not.toEqual(planned(8));
	// The numbers of the generator, on every machine.
	const random = new Random(7);
	expect([random.next(), random.next()]).toEqual([0.011704753153026104, 0.06195825757458806]);
});

test('plans every kind before any kind twice, and ends each within the run', () => {
	for (let seed = 1; seed <= 100; seed += 1) {
		const faults = planned(seed);
		expect(new Set(faults.slice(0, 3).map(({ kind }) => kind)).size).toBe(3);
		for (const { at, lasts, victim, kind } of faults) {
			expect(at + lasts).toBeLessThanOrEqual(60.1);
			expect(victim === '').toBe(kind === 'cut');
		}
		expect(faults.map(({ at }) => at)).toEqual(faults.map(({ at }) => at).toSorted((a, b) => a - b));
	}
});

test('plans nothing for a run that is too short, or a place without faults', () => {
	expect(planned(1, 1)).toEqual([]);
	expect(plan(1, 60, [], [1, 2])).toEqual([]);
});

test('the numbers of one client do not depend on those of another', () => {
	const [first, second] = [new Random(3), new Random(3)];
	first.next();
	expect(first.fork('Ada').next()).toBe(second.fork('Ada').next());
	expect(first.fork('Ada').next()).not.toBe(first.fork('Bob').next());
});
