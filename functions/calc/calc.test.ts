import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Serving, serving } from '../../tests/testing.ts';
import * as arithmetic from './arithmetic.ts';
import calc from './function.ts';
import * as http from './http.ts';

const serveCalc = (): Promise<Serving> => serving(calc, { http });

/** Returns the result exactly as it was written; `json()` would round it. */
async function resultOf(answer: Response): Promise<string> {
	const text = await answer.text();
	return /^\{"result":(.+)\}$/.exec(text)?.[1] ?? text;
}
const post = (path: string, body: unknown) => [path, { method: 'POST', body }] as const;

interface ProblemBody {
	readonly detail: string;
	readonly errors?: readonly { readonly field: string; readonly detail: string }[];
}

test.each([
	['/add?a=0.1&b=0.2', '0.3'],
	['/subtract?a=1&b=0.9', '0.1'],
	['/multiply?a=1.1&b=1.1', '1.21'],
	['/divide?a=1&b=4', '0.25'],
	['/divide?a=1&b=3', '0.3333333333333333333333333333333333'],
	['/divide?a=2&b=3', '0.6666666666666666666666666666666667'],
	['/add?a=9007199254740993&b=1', '9007199254740994'],
	['/multiply?a=-1e21&b=3', '-3000000000000000000000'],
	['/multiply?a=0&b=-5', '0'],
	['/multiply?a=1e-300&b=1e-300', '1e-600'],
	['/add?a=-1.50&b=1E2', '98.5'],
	['/add?a=1e+2&b=1e%2B2', '200'],
])('GET %s returns %s', async (path, wanted) => {
	const { fetch } = await serveCalc();
	const answer = await fetch(`/api/calc${path}`);
	expect([answer.status, await resultOf(answer)]).toEqual([200, wanted]);
});

test.each([
	['/add', '{"a": 9007199254740993, "b": 1}', '9007199254740994'],
	['/add', '{"a": "0.1", "b": 0.2}', '0.3'],
	['/add', '\ufeff{"numbers": [0.1, 0.1, 0.1]}', '0.3'],
	['/add', '{"numbers": [1e308, 1e308, -1e308]}', `1${'0'.repeat(308)}`],
	['/subtract', '{"numbers": [10, 1, 2, 3]}', '4'],
	['/multiply', '{"numbers": [1e200, 1e200, 1e-200]}', `1${'0'.repeat(200)}`],
	['/divide', '{"numbers": [100, 2, 5]}', '10'],
	['/divide', `{"numbers": [1${'0'.repeat(40)}2, 2]}`, `5${'0'.repeat(39)}1`],
	['/divide', '{"numbers": [7]}', '7'],
])('POST %s of %s returns %s', async (path, body, wanted) => {
	const { fetch } = await serveCalc();
	const answer = await fetch(...post(`/api/calc${path}`, body));
	expect([answer.status, await resultOf(answer)]).toEqual([200, wanted]);
});

describe('answers 422 and names the fault', () => {
	test.each([
		['/add?a=1', ['query.b']],
		['/add?a=one&b=', ['query.a', 'query.b']],
		['/add?a=Infinity&b=NaN', ['query.a', 'query.b']],
		['/add?a=0x10&b=1_000', ['query.a', 'query.b']],
		['/add?a=+1&b=%201', ['query.a', 'query.b']],
		['/add?a=%EF%BC%91&b=01', ['query.a', 'query.b']],
		['/add?a=1e309&b=-1e400', ['query.a', 'query.b']],
		['/add?a=1e-324&b=0e-999', ['query.a']],
		['/add?a=1&a=2&b=1', ['query.a']],
		['/divide?a=1&b=0', ['query.b']],
		['/divide?a=1&b=-0.00', ['query.b']],
	])('GET %s', async (path, fields) => {
		const { fetch } = await serveCalc();
		const answer = await fetch(`/api/calc${path}`);
		expect(answer.status).toBe(422);
		expect(((await answer.json()) as ProblemBody).errors?.map(({ field }) => field)).toEqual(fields);
	});

	test.each([
		['/add', {}, ['body.a', 'body.b']],
		['/add', { a: 1 }, ['body.b']],
		['/add', [1, 2], ['body']],
		['/add', { a: null, b: [1] }, ['body.a', 'body.b']],
		['/add', '{"a": 1e400, "b": 1}', ['body.a']],
		['/add', { a: 1, b: 2, numbers: [1] }, ['body.numbers']],
		['/add', { a: 1, numbers: [1] }, ['body.numbers']],
		['/add', { numbers: [] }, ['body.numbers.0']],
		['/add', { numbers: [1, 'x', 2, true] }, ['body.numbers.1', 'body.numbers.3']],
		['/add', { numbers: '1,2' }, ['body.numbers']],
		['/divide', { a: 0, b: 0 }, ['body.b']],
		['/divide', { numbers: [0, 1, 0, '0e5'] }, ['body.numbers.2', 'body.numbers.3']],
	])('POST %s %j', async (path, body, fields) => {
		const { fetch } = await serveCalc();
		const answer = await fetch(...post(`/api/calc${path}`, body));
		expect(answer.status).toBe(422);
		expect(((await answer.json()) as ProblemBody).errors?.map(({ field }) => field)).toEqual(fields);
	});

	test('of a number or list that is too long', async () => {
		const { fetch } = await serveCalc();
		for (const [numbers, status] of [
			[[`1${'0'.repeat(300)}`], 200],
			[[`0.${'1'.repeat(998)}`], 200],
			[[`0.${'1'.repeat(999)}`], 422],
			[Array(1000).fill(1), 200],
			[Array(1001).fill(1), 422],
		] as const)
			expect((await fetch(...post('/api/calc/add', { numbers }))).status).toBe(status);
	});

	test('of a list full of faults, for the first twenty of them', async () => {
		const { fetch } = await serveCalc();
		const answer = await fetch(...post('/api/calc/add', { numbers: Array(9000).fill('x') }));
		expect(((await answer.json()) as ProblemBody).errors).toHaveLength(20);
	});

	test('of a result beyond the range of a double', async () => {
		const { fetch } = await serveCalc();
		const requests = ['/add?a=1e308&b=1e308', '/multiply?a=-1e200&b=1e200', '/divide?a=1e300&b=1e-300'];
		for (const request of requests) {
			const answer = await fetch(`/api/calc${request}`);
			expect([request, answer.status]).toEqual([request, 422]);
			expect(((await answer.json()) as ProblemBody).detail).toMatch(/overflows: it is about -?[12](\.\d+)?e\+\d+/);
		}
	});
});

test('rejects a body that is not encoded in UTF-8', async () => {
	const { url } = await serveCalc();
	const answer = await fetch(`${url}/api/calc/add`, {
		method: 'POST',
		headers: { 'content-type': 'application/json; charset=utf-16le' },
		body: Buffer.from('{"a": 1, "b": 2}', 'utf16le'),
	});
	expect(answer.status).toBe(415);
});

/** A decimal, as `coefficient × 10^-places`. */
const decimal = fc.record({
	coefficient: fc.bigInt(-(10n ** 40n), 10n ** 40n),
	places: fc.integer({ min: 0, max: 60 }),
});
type Scaled = typeof decimal extends fc.Arbitrary<infer T> ? T : never;

const written = ({ coefficient, places }: Scaled): string => `${coefficient}e-${places}`;

/** Returns a decimal text as an integer multiple of 10^-200, so that any two can be compared. */
function scaled(text: string): bigint {
	const [mantissa = '', exponent = '0'] = text.split('e');
	const [whole = '', fraction = ''] = mantissa.split('.');
	return BigInt(whole + fraction) * 10n ** BigInt(200 + Number(exponent) - fraction.length);
}
const scaledOf = ({ coefficient, places }: Scaled): bigint => coefficient * 10n ** BigInt(200 - places);

describe('for all numbers', () => {
	const { add, subtract, multiply, divide } = arithmetic;

	test('adds, subtracts and multiplies decimals exactly', () => {
		fc.assert(
			fc.property(decimal, decimal, (x, y) => {
				const [a, b] = [written(x), written(y)];
				expect(scaled(add([a, b]))).toBe(scaledOf(x) + scaledOf(y));
				expect(scaled(subtract([a, b]))).toBe(scaledOf(x) - scaledOf(y));
				expect(scaled(multiply([a, b])) * 10n ** 200n).toBe(scaledOf(x) * scaledOf(y));
			}),
		);
	});

	test('computes exactly with integers of any length, and returns integers', () => {
		const integer = fc.bigInt(-(10n ** 150n), 10n ** 150n);
		fc.assert(
			fc.property(integer, integer, (a, b) => {
				const texts = [String(a), String(b)];
				expect([add(texts), subtract(texts), multiply(texts)]).toEqual([a + b, a - b, a * b].map(String));
				if (b !== 0n) expect(divide([String(a * b), String(b)])).toBe(String(a));
			}),
		);
	});

	test('sums and products do not depend on the order of the numbers', () => {
		const texts = fc.array(decimal.map(written), { minLength: 1, maxLength: 20 });
		const shuffled = texts.chain((list) =>
			fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
		);
		fc.assert(
			fc.property(shuffled, ([list, other]) => {
				expect([add(other), multiply(other)]).toEqual([add(list), multiply(list)]);
			}),
		);
	});

	test('a quotient is rounded to the nearest number of its precision', () => {
		fc.assert(
			fc.property(decimal, decimal, (x, y) => {
				fc.pre(y.coefficient !== 0n);
				const quotient = divide([written(x), written(y)]);
				// With 34 digits or more, the error is at most half of the last digit: |x - quotient × y| ≤ |quotient × y| ×
				// 10^-33 / 2.
				const product = scaled(quotient) * scaledOf(y);
				const rest = scaledOf(x) * 10n ** 200n - product;
				const size = (n: bigint): bigint => (n < 0n ? -n : n);
				expect(size(rest) * 2n * 10n ** 33n <= size(product)).toBe(true);
			}),
		);
	});
});
