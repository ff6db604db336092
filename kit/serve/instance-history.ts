/** How many instances there were from a moment on. Times are ISO 8601. */
export interface Count {
	readonly at: string;
	readonly instances: number;
}

/** The start of an instance: when it could serve, and how many milliseconds it took until then. */
export interface ColdStart {
	readonly at: string;
	readonly ms: number;
}

/** How far back the numbers of instances are kept, in milliseconds; of cold starts the last so many. */
const span = 10 * 60_000;
const mostStarts = 20;

/** What is known of a Service's instances in the last ten minutes. */
export class InstanceHistory {
	#counts: readonly { readonly at: number; readonly instances: number }[] = [];
	#starts: readonly ColdStart[] = [];

	/** Notes how many there are; the same number as before is no news. */
	count(instances: number, at = Date.now()): void {
		const last = this.#counts.at(-1);
		if (last?.instances === instances) return;
		// A cluster tells of a start in whole seconds, which may seem to be before what was seen last.
		this.#counts = [...recent(this.#counts, at), { at: Math.max(at, last?.at ?? at), instances }];
	}

	/** Notes that an instance could serve. */
	started(ms: number, at = Date.now()): void {
		this.#starts = [...this.#starts, { at: new Date(at).toISOString(), ms: Math.round(ms) }].slice(-mostStarts);
	}

	/** Both oldest first. */
	told(now = Date.now()): { history: Count[]; cold_starts: ColdStart[] } {
		return {
			history: recent(this.#counts, now).map(({ at, instances }) => ({ at: new Date(at).toISOString(), instances })),
			cold_starts: [...this.#starts],
		};
	}
}

/** Those of the span before `now`, and the last change before it, which says how many there were at its beginning. */
const recent = <Change extends { readonly at: number }>(changes: readonly Change[], now: number): readonly Change[] =>
	changes.slice(
		Math.max(
			0,
			changes.findLastIndex(({ at }) => at <= now - span),
		),
	);
