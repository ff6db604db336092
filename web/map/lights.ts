import { useEffect, useMemo } from 'react';
import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { ask } from '../api/ask.ts';
import { follow } from '../api/follow.ts';
import { signedIn } from '../api/session.ts';
import { Store, useStore } from '../api/store.ts';
import { type Happening, happeningsOf, troubledBy } from './happenings.ts';
import { emits, lane, reacts } from './wires.ts';

/** How long a line stays lit, and the delay from showing a publication to showing its deliveries, in milliseconds. */
const glow = 2_500;
const journey = 700;
/** The number of happenings shown, and the number of events remembered. The stream sends no older events. */
const told = 12;
const remembered = 200;
/** Milliseconds from a failure to the next attempt. */
const pause = 2_000;

export interface Lights {
	/** Whether new events are being received. */
	readonly following: boolean;
	readonly error: unknown;
	/** The last happenings, newest first, each with a unique key. */
	readonly happenings: readonly (Happening & { readonly key: number })[];
	readonly lit: ReadonlySet<string>;
	/** The triggers with a failed delivery that is neither handled nor discarded yet. */
	readonly troubled: ReadonlySet<string>;
}

const wiresOf = ({ what, type, function: name, trigger }: Happening): string[] =>
	what === 'published' ? [emits(name, type), lane(type)] : trigger ? [reacts(trigger)] : [];

class Watch {
	readonly lights = new Store<Lights>({
		following: false,
		error: undefined,
		happenings: [],
		lit: new Set(),
		troubled: new Set(),
	});
	readonly #known = new Map<string, LoggedEvent>();
	readonly #timers = new Set<ReturnType<typeof setTimeout>>();
	/** Contains a line once for each event that passes along it. */
	#glowing: readonly string[] = [];
	#count = 0;

	start(): () => void {
		const gone = new AbortController();
		void this.#begin(gone.signal);
		return () => {
			gone.abort();
			for (const timer of this.#timers) clearTimeout(timer);
			this.#timers.clear();
		};
	}

	async #begin(signal: AbortSignal): Promise<void> {
		try {
			const [newest] = await ask('GET /api/events', { query: { limit: 1 }, signal });
			if (signal.aborted) return;
			const stop = follow<LoggedEvent>('/api/events', {
				// Ids are UUIDv7 and sort chronologically, so this does not depend on the browser's clock.
				onUpdate: (event) => event.id > (newest?.id ?? '') && this.#take(event),
				poll: async () => (await ask('GET /api/events', { query: { limit: 50 } })).toReversed(),
			});
			signal.addEventListener('abort', stop);
			this.#change({ following: true, error: undefined });
		} catch (error) {
			if (signal.aborted) return;
			this.#change({ error });
			this.#after(pause, () => void this.#begin(signal));
		}
	}

	#take(event: LoggedEvent): void {
		const happenings = happeningsOf(this.#known.get(event.id), event);
		this.#known.set(event.id, event);
		const [oldest] = this.#known.keys();
		if (oldest !== undefined && this.#known.size > remembered) this.#known.delete(oldest);
		const isNew = happenings[0]?.what === 'published';
		for (const [index, happening] of happenings.entries())
			this.#after(isNew && index > 0 ? journey : 0, () => this.#show(happening));
	}

	#show(happening: Happening): void {
		const wires = wiresOf(happening);
		this.#shine([...this.#glowing, ...wires]);
		this.#after(glow, () => {
			const left = [...this.#glowing];
			for (const wire of wires) left.splice(left.indexOf(wire), 1);
			this.#shine(left);
		});
		this.#count += 1;
		const { happenings } = this.lights.value;
		this.#change({
			happenings: [{ ...happening, key: this.#count }, ...happenings].slice(0, told),
			troubled: troubledBy(this.#known.values()),
		});
	}

	#shine(glowing: readonly string[]): void {
		this.#glowing = glowing;
		this.#change({ lit: new Set(glowing) });
	}

	#change(to: Partial<Lights>): void {
		this.lights.set({ ...this.lights.value, ...to });
	}

	#after(milliseconds: number, act: () => void): void {
		const timer = setTimeout(() => {
			this.#timers.delete(timer);
			act();
		}, milliseconds);
		this.#timers.add(timer);
	}
}

/** Returns the lights of the map, which follow new events while the component is mounted. */
export function useLights(): Lights {
	const session = useStore(signedIn);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another caller sees other parts of the events
	const watch = useMemo(() => new Watch(), [session]);
	useEffect(() => watch.start(), [watch]);
	return useStore(watch.lights);
}
