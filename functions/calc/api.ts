import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { double, faultOf, grammar, numeralOf } from '../../kit/fields/numeral.ts';

/** Limits of one request; a sum of this size takes milliseconds. */
const mostCharacters = 1000;
const mostNumbers = 1000;

/** The schemas of a number in a string, and of zero. */
const written = { type: 'string', pattern: `^${grammar}$`, maxLength: mostCharacters } as const;
const zero = { const: 0 };
const writtenZero = { pattern: '^-?0(\\.0+)?([eE][+-]?[0-9]+)?$' };

/**
 * An exact number: a JSON number, or a number in a string, as in a query. It has at most 1000 characters and lies in
 * the range of a double: its magnitude is at most 1.7976931348623157e308 and, unless it is zero, at least 5e-324.
 */
const exact = (carrier: z.ZodType<string | number>) =>
	carrier
		.transform((number) => numeralOf(String(number)))
		.superRefine((text, { addIssue }) => {
			const long = text.length > mostCharacters;
			const fault = long ? `expected at most ${mostCharacters} characters, found ${text.length}` : faultOf(text);
			if (fault) addIssue(fault);
			else if (Number(text) === 0 && /^[^e]*[1-9]/i.test(text))
				addIssue(`expected zero, or a number of at least ${Number.MIN_VALUE} in magnitude`);
		});
type Exact = ReturnType<typeof exact>;

const divisor = (number: Exact): Exact =>
	number.refine((text) => Number(text) !== 0, 'expected a number other than zero, because it is a divisor');

const InQuery = exact(z.string()).meta(double);
const InBody = exact(z.union([z.number(), z.string()], 'expected a number')).meta({ anyOf: [double, written] });
const DivisorInQuery = divisor(InQuery).meta({ ...double, not: zero });
const DivisorInBody = divisor(InBody).meta({
	anyOf: [
		{ ...double, not: zero },
		{ ...written, not: writtenZero },
	],
});

/**
 * Two numbers, or a list of up to 1000. Both become a list, which the operation processes from left to right.
 * @param next the schema of each number after the first
 */
const Numbers = (next: Exact) =>
	z
		.object({
			a: InBody.optional(),
			b: next.optional(),
			numbers: z
				.tuple([InBody], next)
				.refine(({ length }) => length <= mostNumbers, `expected at most ${mostNumbers} numbers`)
				.meta({ maxItems: mostNumbers })
				.optional(),
		})
		.meta({
			description: 'Send either a and b, or numbers.',
			examples: [{ a: 0.1, b: 0.2 }, { numbers: [0.1, 0.2, 0.3] }],
			oneOf: [
				{ required: ['a', 'b'], not: { required: ['numbers'] } },
				{ required: ['numbers'], not: { anyOf: [{ required: ['a'] }, { required: ['b'] }] } },
			],
		})
		.transform(({ a, b, numbers }, { addIssue }): readonly string[] => {
			const missing = (path: string) =>
				addIssue({
					code: 'custom',
					path: [path],
					message: 'expected a number; or send a list "numbers" instead of a and b',
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

/** The result with all its digits. A client that parses it as a double rounds it. */
const Result = z.object({ result: z.number() }).meta({ examples: [{ result: 0.3 }] });

const ofTwo = <const Path extends string>(path: Path, summary: string, b: Exact) =>
	({
		method: 'GET',
		path,
		summary,
		query: z.object({ a: InQuery.meta({ ...double, examples: [0.1] }), b: b.meta({ ...b.meta(), examples: [0.2] }) }),
		returns: Result,
	}) as const;

const ofMany = <const Path extends string>(path: Path, summary: string, next: Exact) =>
	({ method: 'POST', path, summary, body: Numbers(next), exactNumbers: true, returns: Result }) as const;

/**
 * Each operation has two forms: `GET /api/calc/add?a=1&b=2`, and `POST /api/calc/add` with the body `{"a": 1, "b": 2}`
 * or `{"numbers": [1, 2, 3]}`. A result beyond ±1.7976931348623157e308 is an overflow and answers 422.
 */
export const api = contract('/api/calc', {
	add: ofTwo('/add', 'Returns a + b, exactly', InQuery),
	addMany: ofMany('/add', 'Returns the sum of the numbers, exactly', InBody),
	subtract: ofTwo('/subtract', 'Returns a - b, exactly', InQuery),
	subtractMany: ofMany('/subtract', 'Returns the first number minus all others, exactly', InBody),
	multiply: ofTwo('/multiply', 'Returns a × b, exactly', InQuery),
	multiplyMany: ofMany('/multiply', 'Returns the product of the numbers, to 2000 significant digits', InBody),
	divide: ofTwo('/divide', 'Returns a ÷ b, to 34 significant digits, or as many as a or b has', DivisorInQuery),
	divideMany: ofMany(
		'/divide',
		'Returns the first number divided by all others, to 34 significant digits or more',
		DivisorInBody,
	),
});
