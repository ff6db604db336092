import type { DeadLetter, LoggedEvent } from '../../functions/event-log/api.ts';
import type { Account } from './account.ts';
import type { EventState } from './invariants/events.ts';
import { pause } from './pause.ts';

/** Seconds that the shop has to become quiet: all retries of a delivery, and a relay that doubles its pauses. */
const patience = 600;

const isWaiting = ({ deliveries }: LoggedEvent): boolean =>
	deliveries.some(({ status }) => status === 'pending' || status === 'failing');

/** Waits until the shop has handled everything, and repairs what an admin has to repair. */
export class Healing {
	readonly #admin: Account;
	readonly #since: number;
	readonly #tell: (line: string) => void;
	readonly #stop: AbortSignal;

	/** @param since the start of the run, in milliseconds since 1970; older events are another run's */
	constructor(admin: Account, since: number, tell: (line: string) => void, stop: AbortSignal) {
		this.#admin = admin;
		this.#since = since;
		this.#tell = tell;
		this.#stop = stop;
	}

	/**
	 * Replays the dead letters when everything else is handled: once while clients follow orders that only a replay settles,
	 * and once when they have left, because their last requests can cause others.
	 */
	async heal(left: Promise<void>): Promise<EventState> {
		const first = await this.#replay();
		await left;
		const second = await this.#replay();
		const events = await this.#quiet();
		const isAgain = (letter: DeadLetter) =>
			first.some((each) => each.trigger === letter.trigger && each.event.id === letter.event.id);
		return {
			events,
			letters: [...first, ...second],
			left: [...second.filter(isAgain), ...(await this.#repeated(() => this.#letters()))],
		};
	}

	/** Returns the dead letters that it has replayed. */
	async #replay(): Promise<DeadLetter[]> {
		await this.#quiet();
		const letters = await this.#repeated(() => this.#letters());
		if (letters.length) {
			this.#tell(`healing: replaying ${letters.length} dead letters`);
			await this.#repeated(async () => {
				const { status } = await this.#admin.ask('POST', '/api/dead-letters/replay');
				if (status !== 200) throw new Error(`the replay was answered ${status}`);
			});
		}
		return letters;
	}

	/** Returns the events when none waits for a delivery, or after ten minutes. */
	async #quiet(): Promise<LoggedEvent[]> {
		const end = performance.now() + patience * 1000;
		for (;;) {
			const events = await this.#repeated(() => this.#events());
			const waiting = events.filter(isWaiting).length;
			if (!waiting || performance.now() > end || this.#stop.aborted) return events;
			this.#tell(`healing: ${waiting} of ${events.length} events wait`);
			await pause(3, this.#stop);
		}
	}

	async #events(): Promise<LoggedEvent[]> {
		const all = await this.#admin.list<LoggedEvent>('/api/events?limit=1000');
		return all.filter(({ time }) => Date.parse(time) >= this.#since);
	}

	async #letters(): Promise<DeadLetter[]> {
		const all = await this.#admin.list<DeadLetter>('/api/dead-letters?limit=1000');
		return all.filter(({ received_at }) => Date.parse(received_at) >= this.#since);
	}

	/** Repeats what a shop that still recovers cannot answer, for two minutes. */
	async #repeated<T>(work: () => Promise<T>): Promise<T> {
		for (const end = performance.now() + 120_000; ; await pause(1, this.#stop))
			try {
				await this.#admin.authorize();
				return await work();
			} catch (error) {
				if (performance.now() > end || this.#stop.aborted) throw error;
			}
	}
}
