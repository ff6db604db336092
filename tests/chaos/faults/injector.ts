import type { History } from '../history.ts';
import { pause } from '../pause.ts';
import type { Planned } from '../plan.ts';
import { nothing } from './effect.ts';
import type { FaultKind, Hit, Injected } from './fault.ts';

/** Seconds for which the end of a fault is repeated when it fails. */
const patience = 120;
const hurry = 10;

/** Injects the faults of a plan at their times, each until its end. */
export class Injector {
	readonly #kinds: ReadonlyMap<string, FaultKind>;
	readonly #history: History;
	readonly #tell: (line: string) => void;

	constructor(kinds: readonly FaultKind[], history: History, tell: (line: string) => void) {
		this.#kinds = new Map(kinds.map((kind) => [kind.name, kind]));
		this.#history = history;
		this.#tell = tell;
	}

	/**
	 * Resolves when every fault has ended. Once `over` is aborted, begins none and ends all.
	 * @param interrupted aborted when the run is to end early
	 * @returns the faults that could not be ended
	 */
	async run(planned: readonly Planned[], over: AbortSignal, interrupted: AbortSignal): Promise<string[]> {
		const begun = this.#history.now() / 1000;
		const running: Promise<void>[] = [];
		for (const fault of planned) {
			await pause(begun + fault.at - this.#history.now() / 1000, over);
			if (over.aborted) break;
			running.push(this.#inject(fault, over, interrupted));
		}
		const ends = await Promise.allSettled(running);
		return ends.flatMap((end) => (end.status === 'rejected' ? [(end.reason as Error).message] : []));
	}

	async #inject(
		{ kind: name, victim, lasts, pick }: Planned,
		over: AbortSignal,
		interrupted: AbortSignal,
	): Promise<void> {
		const kind = this.#kinds.get(name);
		if (!kind) throw new Error(`this place has no fault "${name}"`);
		const { faults } = this.#history;
		const index = faults.length;
		const note = (more: Partial<Injected>): void => {
			faults[index] = { ...(faults[index] as Injected), ...more };
		};
		faults.push({
			...{ kind: name, victim, began: this.#history.now(), ended: Number.POSITIVE_INFINITY, isIdle: false },
			...{ recovery: kind.recovery * 1000, effect: kind.effect(victim) },
		});
		try {
			const hit = await kind.begin(victim, pick).catch((error: Error) => error);
			// Another fault can be in the way. This one has perhaps begun, so its effect stays.
			if (hit instanceof Error) return note({ isIdle: true });
			if (!hit) return note({ isIdle: true, effect: nothing });
			const { victim: found = victim, mend } = hit;
			note({ victim: found, effect: kind.effect(found) });
			this.#tell(`fault: ${[name, found].filter(Boolean).join(' ')}`);
			if (!mend) return;
			await pause(lasts, over);
			await repeated(`end "${name} ${found}"`, mend, interrupted);
		} finally {
			note({ ended: this.#history.now() });
		}
	}
}

/** Repeats the end of a fault until it works; for ten seconds only, when the whole run is to end. */
async function repeated(what: string, mend: NonNullable<Hit['mend']>, interrupted: AbortSignal): Promise<void> {
	const began = performance.now();
	for (;;)
		try {
			return await mend();
		} catch (error) {
			const limit = interrupted.aborted ? hurry : patience;
			if (performance.now() - began > limit * 1000) throw new Error(`cannot ${what}: ${(error as Error).message}`);
			await pause(1);
		}
}
