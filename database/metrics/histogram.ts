import type { Sample } from './exposition.ts';

/** The bucket bounds in seconds, as in Knative's own histograms. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

interface Series {
	readonly labels: NonNullable<Sample['labels']>;
	/** The count of each bucket alone, without the smaller buckets. */
	readonly counts: number[];
	count: number;
	sum: number;
}

export class Histogram {
	readonly #series = new Map<string, Series>();

	/** Counts durations in seconds. */
	observe(labels: NonNullable<Sample['labels']>, ...durations: readonly number[]): void {
		const key = JSON.stringify(labels);
		const series = this.#series.get(key) ?? { labels, counts: bounds.map(() => 0), count: 0, sum: 0 };
		this.#series.set(key, series);
		for (const seconds of durations) {
			const index = bounds.findIndex((bound) => seconds <= bound);
			if (index >= 0) series.counts[index] = (series.counts[index] ?? 0) + 1;
			series.count += 1;
			series.sum += seconds;
		}
	}

	get samples(): Sample[] {
		return [...this.#series.values()].flatMap(({ labels, counts, count, sum }): Sample[] => {
			let within = 0;
			const buckets = bounds.map((le, index): Sample => {
				within += counts[index] ?? 0;
				return { suffix: '_bucket', labels: { ...labels, le }, value: within };
			});
			return [
				...buckets,
				{ suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
				{ suffix: '_sum', labels, value: sum },
				{ suffix: '_count', labels, value: count },
			];
		});
	}
}
