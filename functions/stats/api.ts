import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { faultOf, grammar, numeralOf } from '../../kit/fields/numeral.ts';

const mostValues = 1_000_000;

/** A comma-separated list of finite numbers, like `1,2.5,-3e4`, each rounded to the nearest double. */
const Listed = z.string().transform((text, { addIssue }): readonly number[] => {
	const entries = text ? text.split(/, */).map(numeralOf) : [];
	if (!entries.length) addIssue('expected at least one number, like 1,2,3; found none');
	for (const [index, entry] of entries.entries()) {
		const fault = faultOf(entry);
		if (fault) addIssue({ code: 'custom', path: [index], message: fault });
	}
	return entries.map(Number);
});

/** Describes a value in a message. Lists and objects are not printed, because they can be nested without limit. */
const shown = (value: unknown): string =>
	typeof value === 'object' && value !== null ? 'a list or an object' : JSON.stringify(value).slice(0, 40);

const Values = z
	.unknown()
	.meta({ type: 'array', items: { type: 'number' }, minItems: 1, maxItems: mostValues })
	// Checked by hand: zod would create an issue for each wrong entry, and a million issues do not fit in memory.
	.transform((values, { addIssue }): readonly number[] => {
		if (!Array.isArray(values)) addIssue('expected a list of numbers, like [1, 2, 3]');
		else if (!values.length) addIssue('expected at least one number, found none');
		else if (values.length > mostValues) addIssue(`expected at most ${mostValues} numbers, found ${values.length}`);
		else {
			const wrong = values.findIndex((value) => !Number.isFinite(value));
			if (wrong === -1) return values as number[];
			addIssue({
				code: 'custom',
				path: [wrong],
				message: `expected a finite number, found ${shown(values[wrong])}`,
			});
		}
		return z.NEVER;
	});

/** Returns whether there are enough values: the variance of a sample is undefined for a single value. */
const enoughFor = ({ values, sample }: { values: readonly number[]; sample: boolean }): boolean =>
	!sample || values.length > 1;
const tooFew = { path: ['values'], message: 'expected at least two values in a sample, found one' };

const InQuery = z.object({
	values: Listed.meta({ examples: ['1,2,3'], pattern: `^${grammar}(, *${grammar})*$` }),
});
const examples = [{ values: [1, 2, 3] }];
const InBody = z.object({ values: Values }).meta({ examples });
const SampleInQuery = InQuery.extend({
	sample: z
		.enum(['true', 'false'])
		.default('false')
		.transform((text) => text === 'true'),
}).refine(enoughFor, tooFew);
const SampleInBody = InBody.extend({ sample: z.boolean().default(false) })
	.refine(enoughFor, tooFew)
	.meta({ examples });

const Result = z
	.object({ result: z.number(), count: z.int().positive() })
	.meta({ examples: [{ result: 2, count: 3 }] });

const Summary = z
	.object({
		count: z.int().positive(),
		mean: z.number(),
		median: z.number(),
		variance: z.number(),
		standard_deviation: z.number(),
		min: z.number(),
		max: z.number(),
	})
	.meta({
		examples: [
			{
				count: 3,
				mean: 2,
				median: 2,
				variance: 0.6666666666666666,
				standard_deviation: 0.816496580927726,
				min: 1,
				max: 3,
			},
		],
	});

const listed = <const Path extends string>(path: Path, summary: string) =>
	({ method: 'GET', path, summary, query: InQuery, returns: Result }) as const;

const sent = <const Path extends string>(path: Path, summary: string) =>
	({ method: 'POST', path, summary, body: InBody, returns: Result }) as const;

const mean = 'Returns the mean, correctly rounded';
const median = 'Returns the median: the middle value, or the mean of the two middle values';
const variance = 'Returns the variance of a whole population; with sample=true, the estimate from a sample';
const deviation = 'Returns the standard deviation of a whole population; with sample=true, the estimate from a sample';
const min = 'Returns the smallest value';
const max = 'Returns the largest value';
const all = 'Returns all of these statistics';

/**
 * Each statistic has two operations: `GET /api/stats/mean?values=1,2,3`, and `POST /api/stats/mean` with the body
 * `{"values": [1, 2, 3]}`. A variance above 1.7976931348623157e308 is an overflow and answers 422.
 */
export const api = contract('/api/stats', {
	mean: listed('/mean', mean),
	meanOfMany: sent('/mean', mean),
	median: listed('/median', median),
	medianOfMany: sent('/median', median),
	variance: { ...listed('/variance', variance), query: SampleInQuery },
	varianceOfMany: { ...sent('/variance', variance), body: SampleInBody },
	standardDeviation: { ...listed('/standard-deviation', deviation), query: SampleInQuery },
	standardDeviationOfMany: { ...sent('/standard-deviation', deviation), body: SampleInBody },
	min: listed('/min', min),
	minOfMany: sent('/min', min),
	max: listed('/max', max),
	maxOfMany: sent('/max', max),
	summary: { ...listed('/summary', all), query: SampleInQuery, returns: Summary },
	summaryOfMany: { ...sent('/summary', all), body: SampleInBody, returns: Summary },
});
