import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Serving, serving } from '../../tests/testing.ts';
import stats from './function.ts';
import * as http from './http.ts';
import { mean } from './mean.ts';
import { max, median, min, standardDeviation, summary, variance } from './statistics.ts';

const serveStats = (): Promise<Serving> => serving(stats, { http });

const post = (path: string, body: unknown) => [`/api/stats${path}`, { method: 'POST', body }] as const;

interface ProblemBody {
	readonly detail: string;
	readonly errors?: readonly { readonly field: string; readonly detail: string }[];
}

test.each([
	['mean', 2.5],
	['median', 2.5],
	['variance', 1.25],
	['standard-deviation', Math.sqrt(1.25)],
	['min', 1],
	['max', 4],
])('the %s of 4, 1, 3, 2 is %d, whether sent in a query or in a body', async (name, result) => {
	const { fetch } = await serveStats();
	const listed = await fetch(`/api/stats/${name}?values=4,1e+0,%203,2.0`);
	expect([listed.status, await listed.json()]).toEqual([200, { result, count: 4 }]);
	const sent = await fetch(...post(`/${name}`, { values: [4, 1, 3, 2] }));
	expect([sent.status, await sent.json()]).toEqual([200, { result, count: 4 }]);
});

test('computes variance, standard deviation and summary differently for a sample', async () => {
	const { fetch } = await serveStats();
	const values = [1, 2, 3, 6];
	const asked = async (path: string) => (await fetch(`/api/stats${path}`)).json();
	const sent = async (path: string) => (await fetch(...post(path, { values, sample: true }))).json();
	const wanted = { count: 4, mean: 3, median: 2.5, standard_deviation: Math.sqrt(14 / 3), min: 1, max: 6 };
	for (const ask of [(path: string) => asked(`${path}?values=1,2,3,6&sample=true`), sent]) {
		expect(await ask('/variance')).toEqual({ result: 14 / 3, count: 4 });
		expect(await ask('/standard-deviation')).toEqual({ result: Math.sqrt(14 / 3), count: 4 });
		expect(await ask('/summary')).toEqual({ ...wanted, variance: 14 / 3 });
	}
	expect(await asked('/summary?values=1,2,3,6&sample=false')).toMatchObject({ variance: 3.5 });
	expect(await asked('/summary?values=1,2,3,6')).toMatchObject({ variance: 3.5 });
});

describe('answers 422 and names the wrong field', () => {
	test.each([
		['/mean', ['query.values']],
		['/mean?values=', ['query.values']],
		['/mean?values=1,,x', ['query.values.1', 'query.values.2']],
		['/mean?values=1,NaN,-Infinity,1e309', ['query.values.1', 'query.values.2', 'query.values.3']],
		['/mean?values=1&values=2', ['query.values']],
		['/variance?values=1&sample=true', ['query.values']],
		['/variance?values=1,2&sample=yes', ['query.sample']],
	])('GET %s', async (path, fields) => {
		const { fetch } = await serveStats();
		const answer = await fetch(`/api/stats${path}`);
		expect(answer.status).toBe(422);
		expect(((await answer.json()) as ProblemBody).errors?.map(({ field }) => field)).toEqual(fields);
	});

	test.each([
		['/mean', {}, 'body.values'],
		['/mean', [1, 2], 'body'],
		['/median', { values: [] }, 'body.values'],
		['/median', { values: '1,2' }, 'body.values'],
		['/min', { values: [1, '2'] }, 'body.values.1'],
		['/max', { values: [1, 2, null] }, 'body.values.2'],
		['/max', '{"values": [1, 2, 3, 1e309]}', 'body.values.3'],
		['/variance', { values: [1], sample: true }, 'body.values'],
		['/summary', { values: [1, 2], sample: 'true' }, 'body.sample'],
	])('POST %s %j', async (path, body, field) => {
		const { fetch } = await serveStats();
		const answer = await fetch(...post(path, body));
		expect(answer.status).toBe(422);
		expect(((await answer.json()) as ProblemBody).errors?.map((fault) => fault.field)).toEqual([field]);
	});

	test('at a variance that overflows, but still returns the standard deviation', async () => {
		const { fetch } = await serveStats();
		for (const path of ['/variance', '/summary']) {
			const answer = await fetch(`/api/stats${path}?values=1e308,-1e308`);
			expect([answer.status, ((await answer.json()) as ProblemBody).detail]).toEqual([
				422,
				expect.stringContaining('overflows'),
			]);
		}
		const root = await fetch('/api/stats/standard-deviation?values=1e308,-1e308');
		expect(await root.json()).toEqual({ result: 1e308, count: 2 });
	});
});

test('accepts a million of the longest values, and rejects one more', async () => {
	const { fetch } = await serveStats();
	const [min, max] = [-1.2345678901234567e-100, -2.2250738585072014e-308];
	const values = Array.from({ length: 1_000_000 }, (_, index) => (index % 2 ? min : max));
	const answer = await fetch(...post('/summary', JSON.stringify({ values }).replaceAll(',', ', ')));
	expect([answer.status, await answer.json()]).toMatchObject([200, { count: 1_000_000, min, max }]);
	const more = await fetch(...post('/max', { values: Array(1_000_001).fill(1) }));
	expect(more.status).toBe(422);
	const larger = await fetch(...post('/max', '{"values": [1]}'.padEnd(stats.bodyLimit + 1)));
	expect(larger.status).toBe(413);
});

const value = fc.double({ noNaN: true, noDefaultInfinity: true });
const values = fc.array(value, { minLength: 1, maxLength: 50 });
/** Integers whose sums and differences are exact doubles. */
const whole = fc.array(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), { minLength: 1, maxLength: 50 });

/** Returns a double as an integer multiple of 2^-1074; every double is one. */
function units(double: number): bigint {
	let [mantissa, power] = [double, 1074];
	while (!Number.isInteger(mantissa)) [mantissa, power] = [mantissa * 2, power - 1];
	return BigInt(mantissa) << BigInt(power);
}
const sum = (list: readonly number[]): bigint => list.map(units).reduce((a, b) => a + b);
const size = (n: bigint): bigint => (n < 0n ? -n : n);

/** Returns the next smaller and the next larger double, where finite. */
function neighbours(double: number): number[] {
	const bits = new BigInt64Array(new Float64Array([Math.abs(double)]).buffer)[0] as bigint;
	const at = (bits: bigint): number =>
		Math.sign(double || 1) * (new Float64Array(new BigInt64Array([bits]).buffer)[0] as number);
	return [bits === 0n ? -Number.MIN_VALUE : at(bits - 1n), at(bits + 1n)].filter(Number.isFinite);
}

test.each([
	[[1e16, 1, -1e16], 1 / 3],
	[[1e308, 1e308, -1e308], 1e308 / 3],
	[[Number.MAX_VALUE, Number.MAX_VALUE], Number.MAX_VALUE],
	[[0.1, 0.2, 0.3], 0.2],
	[[5e-324, 0, 0], 0],
	[[5e-324, 5e-324, 0], 5e-324],
	[[5e-324, 0], 0],
	[[5e-324, 1e-323], 1e-323],
	[[-0], 0],
])('the mean of %j is %d', (list, wanted) => {
	expect(mean(list) + 0).toBe(wanted);
});

test('the variance is exact even when the mean lies between two doubles', () => {
	expect(variance([1e16, 1e16 + 2], false)).toBe(1);
	expect(standardDeviation([-1e16, -1e16 - 2], true)).toBe(Math.SQRT2);
});

describe('for all values', () => {
	test('the mean is the double nearest to the exact mean', () => {
		fc.assert(
			fc.property(values, (list) => {
				const found = mean(list);
				const off = (double: number): bigint => size(sum(list) - units(double) * BigInt(list.length));
				for (const other of neighbours(found)) expect(off(found) <= off(other)).toBe(true);
			}),
			{ numRuns: 1000 },
		);
	});

	test('mean and median lie between min and max', () => {
		fc.assert(
			fc.property(values, (list) => {
				for (const middle of [mean(list), median(list)]) {
					expect(middle).toBeGreaterThanOrEqual(min(list));
					expect(middle).toBeLessThanOrEqual(max(list));
				}
			}),
		);
	});

	test('the summary does not depend on their order', () => {
		const shuffled = values.chain((list) =>
			fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
		);
		fc.assert(
			fc.property(shuffled, fc.boolean(), ([list, other], sample) => {
				expect(summary(other, sample)).toEqual(summary(list, sample));
			}),
		);
	});

	test('the variance equals the one computed with exact fractions, except in the last digits', () => {
		fc.assert(
			fc.property(whole, fc.boolean(), (list, sample) => {
				fc.pre(!sample || list.length > 1);
				const count = BigInt(list.length);
				const integers = list.map(BigInt);
				const total = integers.reduce((a, b) => a + b);
				const squares = integers.map((n) => n * n).reduce((a, b) => a + b);
				// count² × the variance of a population, or count × (count - 1) × that of a sample.
				const exact = squares * count - total * total;
				const wanted = Number(exact) / (list.length * (list.length - (sample ? 1 : 0)));
				const found = variance(list, sample);
				expect(Math.abs(found - wanted)).toBeLessThanOrEqual(wanted * 1e-14);
				expect(Math.abs(standardDeviation(list, sample) - Math.sqrt(wanted))).toBeLessThanOrEqual(
					Math.sqrt(wanted) * 1e-14,
				);
			}),
		);
	});

	test('adding a constant does not change the variance, and multiplying by a power of two scales it', () => {
		const shift = fc.integer({ min: -(2 ** 50), max: 2 ** 50 });
		const power = fc.integer({ min: -500, max: 400 });
		fc.assert(
			fc.property(whole, shift, power, (list, by, scale) => {
				const own = variance(list, false);
				const moved = variance(
					list.map((each) => each + by),
					false,
				);
				expect(Math.abs(moved - own)).toBeLessThanOrEqual(own * 1e-14);
				const scaled = list.map((each) => each * 2 ** scale);
				expect(variance(scaled, false)).toBe(own * 2 ** scale * 2 ** scale);
				expect(standardDeviation(scaled, false)).toBe(standardDeviation(list, false) * 2 ** scale);
			}),
		);
	});

	test('equal values have zero variance', () => {
		fc.assert(
			fc.property(value, fc.integer({ min: 1, max: 9 }), (each, count) => {
				expect(variance(Array(count).fill(each), false)).toBe(0);
			}),
		);
	});

	test('the standard deviation is never negative or infinite', () => {
		fc.assert(
			fc.property(values, (list) => {
				const deviation = standardDeviation(list, false);
				expect(deviation).toBeGreaterThanOrEqual(0);
				expect(deviation).toBeLessThanOrEqual(Number.MAX_VALUE);
			}),
			{ numRuns: 1000 },
		);
	});
});
