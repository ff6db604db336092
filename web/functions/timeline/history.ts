import type { FunctionState } from '../../../functions/info/api.ts';

type History = FunctionState['history'];

/** A time span, in Unix milliseconds. */
export interface Span {
	readonly from: number;
	readonly to: number;
}

/** Returns the number of instances at a Unix time in milliseconds; 0 before the first entry. */
export const instancesAt = (history: History, time: number): number =>
	history.findLast(({ at }) => Date.parse(at) <= time)?.instances ?? 0;

export const mostOf = (history: History, { from, to }: Span): number =>
	history.reduce(
		(most, { at, instances }) => (within(at, { from, to }) ? Math.max(most, instances) : most),
		instancesAt(history, from),
	);

/** Returns the most instances from one change on, or of the whole history. @param since the time of that change */
export const peakSince = (history: History, since: string | undefined): number =>
	history.reduce((most, { at, instances }) => (!since || at >= since ? Math.max(most, instances) : most), 0);

/** Returns the changes within a span, oldest first. The count at the start of the span is not a change. */
export const changesOf = (history: History, span: Span): History =>
	history.filter(({ at, instances }, index) => within(at, span) && instances !== (history[index - 1]?.instances ?? 0));

const within = (at: string, { from, to }: Span): boolean => Date.parse(at) > from && Date.parse(at) <= to;

/**
 * Returns the instance count over a span as an SVG path. x is in seconds from the start of the span; y is 0 for `most`
 * instances and `most` for zero. The path starts and ends at zero instances, so it can be filled.
 */
export function outlineOf(history: History, { from, to }: Span, most: number): string {
	const x = (time: number): number => Math.round((time - from) / 10) / 100;
	const steps = changesOf(history, { from, to }).map(
		({ at, instances }) => `H${x(Date.parse(at))}V${most - instances}`,
	);
	return `M0 ${most}V${most - instancesAt(history, from)}${steps.join('')}H${x(to)}V${most}`;
}
