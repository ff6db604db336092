import type pg from 'pg';
import { attributeOf, type EventData, type EventType } from '../../eventing/catalog/catalog.ts';
import { type Decision, decidedEvents, eventValues, insertEvent, type StoredEvent } from '../../eventing/outbox.ts';
import { span } from '../trace/span.ts';
import { traceparent } from '../trace/trace.ts';

/** The part of a transaction that emits: the event that it handles, if any, and how to return to its trace. */
interface Emitter {
	readonly cause: string | undefined;
	readonly within: <T>(call: () => T) => T;
}

/** The events of one transaction. Their statements go with the commit, so that the locks of all are held for no round trip. */
export class Emissions {
	/** The events that are in the outbox. They are to be published after the commit. */
	readonly stored: StoredEvent[] = [];
	readonly #fn: string;
	readonly #emits: readonly EventType[];
	readonly #query: pg.ClientBase['query'];
	readonly #late: (() => Promise<unknown>)[] = [];
	/** The statements that lock rows for which others wait. */
	readonly #last: (() => Promise<unknown>)[] = [];

	constructor(fn: string, emits: readonly EventType[], query: pg.ClientBase['query']) {
		this.#fn = fn;
		this.#emits = emits;
		this.#query = query;
	}

	emit<Type extends EventType>(
		{ cause, within }: Emitter,
		type: Type,
		subject: string | number,
		data: EventData<Type>,
	): Promise<void> {
		// The event carries this span's id, so its consumers' spans are children of this one.
		return span(`publish ${attributeOf(type)}`, 'producer', {}, async () => {
			this.#expectDeclared(type);
			const values = eventValues({ fn: this.#fn, type, subject, data, traceparent: traceparent(), cause });
			this.#late.push(() => within(() => this.#store(insertEvent, values)));
		});
	}

	conclude({ cause, within }: Emitter, types: readonly EventType[], decision: Decision): void {
		for (const type of types) this.#expectDeclared(type);
		let decided: readonly StoredEvent[] = [];
		const store = async (): Promise<void> => {
			decided = await this.#store(
				...decidedEvents(decision, { fn: this.#fn, types, traceparent: traceparent(), cause }),
			);
		};
		const name = (): string => `publish ${decided.map(({ type }) => type).join(' ') || 'nothing'}`;
		this.#last.push(() => within(() => span(name, 'producer', {}, store)));
	}

	/** Sends the statements without waiting, so that the commit can follow at once. */
	send(): readonly Promise<unknown>[] {
		return [...this.#late, ...this.#last].map((sendOne) => sendOne());
	}

	async #store(text: string, values: unknown[]): Promise<readonly StoredEvent[]> {
		const { rows } = await this.#query<StoredEvent>(text, values);
		this.stored.push(...rows);
		return rows;
	}

	#expectDeclared(type: EventType): void {
		if (!this.#emits.includes(type))
			throw new Error(`function "${this.#fn}" emits ${type}, which is missing in its declaration's emits`);
	}
}
