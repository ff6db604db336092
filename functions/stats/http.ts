import { implement } from '../../kit/http/http.ts';
import { Problem } from '../../kit/http/problem.ts';
import { api } from './api.ts';
import { mean } from './mean.ts';
import { max, median, min, standardDeviation, summary, variance } from './statistics.ts';

interface Asked {
	readonly values: readonly number[];
	readonly sample?: boolean;
}

type Statistic = (values: readonly number[], sample: boolean) => number;

const answer = (statistic: Statistic, { values, sample = false }: Asked) => ({
	result: finite(statistic(values, sample)),
	count: values.length,
});

function summarize({ values, sample = false }: Asked) {
	const all = summary(values, sample);
	for (const figure of Object.values(all)) finite(figure);
	return all;
}

/** Returns the figure. @throws {Problem} 422 at an overflow */
function finite(figure: number): number {
	if (Number.isFinite(figure)) return figure;
	throw new Problem(
		422,
		`The values are so far apart that the result overflows; the largest possible is ${Number.MAX_VALUE}. Divide them by a power of ten first.`,
	);
}

export const operations = implement(api, {
	mean: ({ query }) => answer(mean, query),
	meanOfMany: ({ body }) => answer(mean, body),
	median: ({ query }) => answer(median, query),
	medianOfMany: ({ body }) => answer(median, body),
	variance: ({ query }) => answer(variance, query),
	varianceOfMany: ({ body }) => answer(variance, body),
	standardDeviation: ({ query }) => answer(standardDeviation, query),
	standardDeviationOfMany: ({ body }) => answer(standardDeviation, body),
	min: ({ query }) => answer(min, query),
	minOfMany: ({ body }) => answer(min, body),
	max: ({ query }) => answer(max, query),
	maxOfMany: ({ body }) => answer(max, body),
	summary: ({ query }) => summarize(query),
	summaryOfMany: ({ body }) => summarize(body),
});
