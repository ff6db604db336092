import type { FunctionState } from '../../../functions/info/api.ts';

type History = FunctionState['history'];

/** A stretch of time, in milliseconds since 1970. */
export interface Span {
	readonly from: number;
	readonly to: number;
}

/** How many instances there were at a time, in milliseconds since 1970; none before anything is known. */
export const instancesAt = (history: History, time: number): number =>
	history.findLast(({ at }) => Date.parse(at) <= time)?.instances ?? 0;

/** The most instances at once within a span. */
export const mostOf = (history: History, { from, to }: Span): number =>
	history.reduce(
		(most, { at, instances }) => (within(at, { from, to }) ? Math.max(most, instances) : most),
		instancesAt(history, from),
	);

/** What changed within a span, oldest first; that it begins with some number is no change. */
export const changesOf = (history: History, span: Span): History =>
	history.filter(({ at, instances }, index) => within(at, span) && instances !== (history[index - 1]?.instances ?? 0));

const within = (at: string, { from, to }: Span): boolean => Date.parse(at) > from && Date.parse(at) <= to;

/**
 * The number of instances over a span as the outline of an SVG path: x in seconds from the span's start, y downwards from
 * `most` instances at 0 to none at `most`. It begins and ends on the ground, so that it can be filled.
 */
export function outlineOf(history: History, { from, to }: Span, most: number): string {
	const x = (time: number): number => Math.round((time - from) / 10) / 100;
	const steps = changesOf(history, { from, to }).map(
		({ at, instances }) => `H${x(Date.parse(at))}V${most - instances}`,
	);
	return `M0 ${most}V${most - instancesAt(history, from)}${steps.join('')}H${x(to)}V${most}`;
}
