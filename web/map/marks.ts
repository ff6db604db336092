import type { FunctionShape, FunctionState } from '../../functions/info/api.ts';
import type { Lights } from './lights.ts';
import { around, reacts } from './wires.ts';

/** What both forms of the map show. */
export interface Shown {
	readonly shapes: readonly FunctionShape[];
	readonly states: readonly FunctionState[];
	readonly lights: Lights;
	/** The functions with an active drill, or `broker`. */
	readonly drilled: ReadonlySet<string>;
	/** The function or event type in the URL. */
	readonly chosen: string | undefined;
	/** The highlighted function or event type. */
	readonly shown: string | undefined;
	readonly onPoint: (what: string | undefined) => void;
}

/** Returns the state of a function: that of its most active target. */
export const stateOf = (targets: readonly FunctionState[]): FunctionState['state'] =>
	(['ready', 'starting'] as const).find((each) => targets.some(({ state }) => state === each)) ?? 'zero';

/** Returns what to mark on the map, and the properties of a link to a function or event type. */
export function marksOf({ shapes, lights, chosen, shown, onPoint }: Shown) {
	const near = shown === undefined ? undefined : around(shapes, shown);
	const troubled = new Set([...lights.troubled].map(reacts));
	return {
		near,
		/** The functions and event types of the failing deliveries. */
		failing: new Set(
			shapes.flatMap((shape) =>
				shape.reacts.flatMap(({ type, trigger }) => (lights.troubled.has(trigger) ? [shape.name, type] : [])),
			),
		),
		markOf: (wire: string): string | undefined =>
			troubled.has(wire) ? 'failing' : lights.lit.has(wire) ? 'lit' : undefined,
		linked: (what: string) => ({
			href: chosen === what ? '/map' : `/map?at=${encodeURIComponent(what)}`,
			'aria-current': chosen === what ? ('true' as const) : undefined,
			'data-near': near?.has(what),
			onPointerEnter: () => onPoint(what),
			onPointerLeave: () => onPoint(undefined),
			onFocus: () => onPoint(what),
			onBlur: () => onPoint(undefined),
		}),
	};
}
