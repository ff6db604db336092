import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { faultOf, numeralOf } from '../../kit/http/numeral.ts';

/** What one request may hold; a sum of so much takes milliseconds. */
const mostCharacters = 1000;
const mostNumbers = 1000;

/**
 * A number to its last digit: a JSON number, or one in a string, as a query has it. At most 1000 characters, and in the
 * range of a double: at most 1.7976931348623157e308 from zero and, unless it is zero, at least 5e-324.
 */
const Exact = z
	.union([z.number(), z.string()], 'expected a number')
	.transform((number) => numeralOf(String(number)))
	.superRefine((text, { addIssue }) => {
		const long = text.length > mostCharacters;
		const fault = long ? `expected at most ${mostCharacters} characters, found ${text.length}` : faultOf(text);
		if (fault) addIssue(fault);
		else if (Number(text) === 0 && /^[^e]*[1-9]/i.test(text))
			addIssue(`expected zero, or a number at least ${Number.MIN_VALUE} from it`);
	});

const Divisor = Exact.refine((text) => Number(text) !== 0, 'expected anything but zero: nothing can be divided by it');

/**
 * Two numbers, or up to 1000 in a list; either way the operation is given a list, and goes through it from left to right.
 * @param next what comes after the first number
 */
const Numbers = (next: typeof Exact) =>
	z
		.object({
			a: Exact.optional(),
			b: next.optional(),
			numbers: z
				.tuple([Exact], next)
				.refine(({ length }) => length <= mostNumbers, `expected at most ${mostNumbers} numbers`)
				.optional(),
		})
		.meta({
			description: 'Either a and b, or numbers.',
			examples: [{ a: 0.1, b: 0.2 }, { numbers: [0.1, 0.2, 0.3] }],
		})
		.transform(({ a, b, numbers }, { addIssue }): readonly string[] => {
			const missing = (path: string) =>
				addIssue({
					code: 'custom',
					path: [path],
					message: 'expected a number; or send "numbers", a list, instead of a and b',
				});
			if (numbers && (a ?? b) === undefined) return numbers;
			if (numbers)
				addIssue({ code: 'custom', path: ['numbers'], message: 'expected either a and b, or numbers, found both' });
			else if (a !== undefined && b !== undefined) return [a, b];
			else {
				if (a === undefined) missing('a');
				if (b === undefined) missing('b');
			}
			return z.NEVER;
		});

/** With all its digits, though a reader that takes it for a double rounds it. */
const Result = z.object({ result: z.number() }).meta({ examples: [{ result: 0.3 }] });

const ofTwo = <const Path extends string>(path: Path, summary: string, b: typeof Exact) =>
	({
		method: 'GET',
		path,
		summary,
		query: z.object({ a: Exact.meta({ examples: [0.1] }), b: b.meta({ examples: [0.2] }) }),
		returns: Result,
	}) as const;

const ofMany = <const Path extends string>(path: Path, summary: string, next: typeof Exact) =>
	({ method: 'POST', path, summary, body: Numbers(next), exactNumbers: true, returns: Result }) as const;

/**
 * Each operation in two ways: `GET /api/calc/add?a=1&b=2`, and `POST /api/calc/add` of `{"a": 1, "b": 2}` or of
 * `{"numbers": [1, 2, 3]}`. A result that is beyond ±1.7976931348623157e308 is an overflow: 422.
 */
export const api = contract('/api/calc', {
	add: ofTwo('/add', 'a + b, exactly', Exact),
	addMany: ofMany('/add', 'The sum of the numbers, exactly', Exact),
	subtract: ofTwo('/subtract', 'a - b, exactly', Exact),
	subtractMany: ofMany('/subtract', 'The first number less all others, exactly', Exact),
	multiply: ofTwo('/multiply', 'a × b, exactly', Exact),
	multiplyMany: ofMany('/multiply', 'The product of the numbers, to 2000 significant digits', Exact),
	divide: ofTwo('/divide', 'a ÷ b, to 34 significant digits, or as many as a or b has', Divisor),
	divideMany: ofMany('/divide', 'The first number divided by all others, to 34 significant digits or more', Divisor),
});
