import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import type { Context } from '../../kit/serve/context.ts';
import { log } from '../../kit/trace/log.ts';
import { Lease } from './lease.ts';
import { type OverdueEvent, overdue, types } from './overdue.ts';

/**
 * The most events of one type that are published in parallel. The Broker answers when every subscriber has answered, so this
 * also bounds the load of the consumers. Each type has its own window, so that a consumer that fails stops no other's events.
 */
export const inParallel = 20;

/** The time in which several answers of the Broker make room for one query, in milliseconds. */
const gathering = 5;

/** The time for which one wake begins publications, in milliseconds. The next wake continues. */
const limit = 55_000;

/** Republishes overdue events in a continuous flow: each answer of the Broker makes room for the next event. */
export class Flow {
	readonly #context: Context;
	readonly #lease: Lease;
	/** The publications of each type. They can outlast the wake that began them. */
	readonly #published = new Map<string, Set<Promise<boolean>>>();
	readonly #running = new Map<string, Promise<void>>();

	constructor(context: Context) {
		this.#context = context;
		this.#lease = new Lease(context.db);
	}

	/** Returns when no event is overdue any more, or the time of a wake is over. Joins the flows of an earlier wake. */
	async run(age: number): Promise<void> {
		const end = AbortSignal.any([this.#context.stopping, AbortSignal.timeout(limit)]);
		if (end.aborted) return;
		const ended = once(end, 'abort').then(() => false);
		await Promise.all(
			(await types(this.#context.db)).map((type) => {
				const flow =
					this.#running.get(type) ?? this.#republish(type, age, end, ended).finally(() => this.#running.delete(type));
				this.#running.set(type, flow);
				return flow;
			}),
		);
		if (this.#running.size === 0) await this.#lease.release();
	}

	async #republish(type: string, age: number, end: AbortSignal, ended: Promise<boolean>): Promise<void> {
		const published = this.#published.get(type) ?? new Set();
		this.#published.set(type, published);
		let failed = 0;
		for (let last: OverdueEvent | undefined; ; ) {
			if (published.size >= inParallel) {
				await Promise.race([...published, ended]);
				await after(gathering);
			}
			const room = inParallel - published.size;
			// A Broker that fails this often is away. The events that are left keep their turn.
			if (room === 0 || end.aborted || failed >= inParallel || !(await this.#lease.hold())) return;
			const events = await overdue(this.#context.db, type, age, room, last);
			if (events.length > 0) log.info('republishing unhandled events', { type, events: events.map(({ id }) => id) });
			for (const { place: _place, ...event } of events) {
				const publication = this.#context.publisher.send(event).then((isAccepted) => {
					published.delete(publication);
					if (!isAccepted) failed += 1;
					return isAccepted;
				});
				published.add(publication);
			}
			if (events.length < room) return;
			last = events.at(-1);
		}
	}
}

/** One flow per instance. Outside of tests, a process is one instance. */
const flows = new WeakMap<Context, Flow>();

export function flowOf(context: Context): Flow {
	const flow = flows.get(context) ?? new Flow(context);
	flows.set(context, flow);
	return flow;
}
