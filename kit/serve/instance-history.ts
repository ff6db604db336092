/** The number of instances from a time on. Times are ISO 8601. */
export interface Count {
	readonly at: string;
	readonly instances: number;
}

/** The start of an instance: when it was ready, and how many milliseconds the start took. */
interface ColdStart {
	readonly at: string;
	readonly ms: number;
}

/** How long numbers of instances are stored, in milliseconds. */
const span = 10 * 60_000;
const mostStarts = 20;

/** The numbers of a Service's instances in the last ten minutes, and its last cold starts. */
export class InstanceHistory {
	#counts: readonly { readonly at: number; readonly instances: number }[] = [];
	#starts: readonly ColdStart[] = [];

	/** Records the number of instances if it has changed. */
	count(instances: number, at = Date.now()): void {
		const last = this.#counts.at(-1);
		if (last?.instances === instances) return;
		// A cluster reports start times in whole seconds, so this time can precede the last one.
		this.#counts = [...recent(this.#counts, at), { at: Math.max(at, last?.at ?? at), instances }];
	}

	/** Records that an instance became ready after `ms` milliseconds. */
	started(ms: number, at = Date.now()): void {
		this.#starts = [...this.#starts, { at: new Date(at).toISOString(), ms: Math.round(ms) }].slice(-mostStarts);
	}

	/** Returns both lists, oldest first. */
	told(now = Date.now()): { history: Count[]; cold_starts: ColdStart[] } {
		return {
			history: recent(this.#counts, now).map(({ at, instances }) => ({ at: new Date(at).toISOString(), instances })),
			cold_starts: [...this.#starts],
		};
	}
}

/** Returns the changes in the span before `now`, and the last one before it: the value at its beginning. */
function recent<Change extends { readonly at: number }>(changes: readonly Change[], now: number): readonly Change[] {
	const before = changes.findLastIndex(({ at }) => at <= now - span);
	return changes.slice(Math.max(0, before));
}
