import type { FunctionState } from '../../../functions/info/api.ts';
import { mostOf, outlineOf, type Span } from './history.ts';

/** The length of a timeline in seconds, which is as much history as the info function stores. */
export const length = 600;

export const spanTo = (now: number): Span => ({ from: now - length * 1000, to: now });

interface Props {
	readonly target: FunctionState;
	/** When `target` was fetched, in Unix milliseconds. */
	readonly now: number;
}

/** The instances of one target in the last ten minutes. The table below the timeline of all targets has the same in words. */
export function Lane({ target: { name, history }, now }: Props) {
	const span = spanTo(now);
	const most = mostOf(history, span);
	return (
		<svg
			className="own-lane"
			data-own-lane={name}
			data-most={most}
			viewBox={`0 0 ${length} ${Math.max(2, most)}`}
			preserveAspectRatio="none"
			aria-hidden="true"
		>
			<path d={outlineOf(history, span, Math.max(2, most))} />
		</svg>
	);
}
