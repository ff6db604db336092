import type { Plannable } from './faults/fault.ts';
import { Random } from './random.ts';

/** A fault of the plan. Times are in seconds since the run began. */
export interface Planned {
	readonly at: number;
	readonly kind: string;
	readonly victim: string;
	readonly lasts: number;
	/** From 0 to 1; selects one of several, such as the instance to kill. */
	readonly pick: number;
}

/** The seconds without faults at the start, so that every client has begun. */
const calm = 1;

/**
 * Plans the faults of a run. A pure function of its arguments. Each kind appears before any appears twice, and faults can
 * overlap; all end before the run does.
 * @param pause the shortest and longest time from the start of a fault to that of the next, in seconds
 */
export function plan(
	seed: number,
	seconds: number,
	kinds: readonly Plannable[],
	pause: readonly [number, number],
): Planned[] {
	const random = new Random(seed).fork('faults');
	const planned: Planned[] = [];
	let deck: Plannable[] = [];
	for (let at = calm; ; at += random.between(...pause)) {
		if (!deck.length) deck = random.shuffled(kinds);
		const kind = deck.shift();
		if (!kind) return planned;
		const lasts = random.between(...kind.lasts);
		const victim = kind.victims.length ? random.pick(kind.victims) : '';
		const pick = random.next();
		if (at >= seconds) return planned;
		planned.push({ at: tenths(at), kind: kind.name, victim, lasts: tenths(Math.min(lasts, seconds - at)), pick });
	}
}

const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;

export const describe = ({ at, kind, victim, lasts }: Planned): string =>
	`${at.toFixed(1).padStart(7)} s  ${[kind, victim].filter(Boolean).join(' ')}${lasts ? ` for ${lasts} s` : ''}`;
