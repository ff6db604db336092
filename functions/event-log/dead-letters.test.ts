import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { accept } from '../../eventing/inbox.ts';
import type { StoredEvent } from '../../eventing/outbox.ts';
import '../../tests/library/catalog.ts';
import { freshDatabase } from '../../tests/testing.ts';
import { overdue, settle, types } from '../relay/overdue.ts';
import { discard, keep, list, replay, replayAll } from './dead-letters.ts';
import { end } from './drills/drills.ts';
import { find } from './log/log.ts';

const trigger = 'shelves-on-loan-requested';
const about = { source: '/functions/loans', type: 'dev.bodega.loan.requested', subject: '1', data: { loan_id: 1 } };

/**
 * The life of one event with one trigger. Each publication of it can end as a dead letter, at any time and more than once:
 * `first`, `relayed`, `replayed` and `drilled` are the dead letters of the last such publication; `again` is the last one
 * repeated.
 */
class Life {
	readonly #db: pg.Client;
	readonly #id: string;
	#published = new Map<string, string>([['first', 'first']]);
	#last = 'first';

	constructor(db: pg.Client, id: string) {
		this.#db = db;
		this.#id = id;
	}

	async emit(): Promise<void> {
		await this.#db.query(
			`insert into eventing.events (id, source, type, subject, time, dataschema, traceparent, data)
			 values ($1, $2, $3, $4, now(), 'urn:x', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', $5)`,
			[this.#id, about.source, about.type, about.subject, about.data],
		);
	}

	async step(name: string): Promise<void> {
		const db = this.#db;
		if (name === 'relay') this.#published.set('relayed', (await this.#relay()) ?? 'nothing');
		else if (name === 'replay') this.#note('replayed', await replay(db, await this.#letter()));
		else if (name === 'replay all') for (const event of (await replayAll(db)).events) this.#note('replayed', event);
		else if (name === 'discard') await discard(db, await this.#letter());
		else if (name === 'drill') {
			// One that has expired, because a function handles no event during a drill.
			await db.query(
				`insert into eventing.drills values ('shelves', now() - interval '1 hour', now()) on conflict (function) do update
				 set started_at = excluded.started_at, ends_at = excluded.ends_at`,
			);
			for (const event of await end(db as never, 'shelves')) this.#note('drilled', event);
		} else if (name === 'handled') {
			const delivery = { ...about, id: this.#id, trigger, publication: null, begun: performance.now() };
			expect(await accept(db, delivery)).toBe('first');
		} else {
			if (name !== 'again') this.#last = this.#published.get(name) ?? name;
			await keep(db, { ...about, id: this.#id, publication: this.#last }, trigger);
		}
	}

	#note(kind: string, { id, publication = '' }: StoredEvent): void {
		if (id === this.#id) this.#published.set(kind, publication);
	}

	/** Returns the publication, if the relay republishes the event now. */
	async #relay(): Promise<string | undefined> {
		await this.#db.query(`update eventing.events set relay_after = null where id = $1`, [this.#id]);
		return (await overdue(this.#db, about.type, 0, 100, undefined)).find(({ id }) => id === this.#id)?.publication;
	}

	async #letter(): Promise<string> {
		const { rows } = await this.#db.query('select id from eventing.dead_letters where event_id = $1', [this.#id]);
		return rows[0]?.id;
	}

	/** Returns what the log shows, how many letters are open, and whether the relay republishes or settles the event. */
	async state(): Promise<string> {
		const db = this.#db;
		const delivery = (await find(db, this.#id))?.deliveries[0];
		const letters = (await list(db, 100)).filter(({ event }) => event.id === this.#id).length;
		const isRelayed = (await this.#relay()) !== undefined;
		await settle(db, 0);
		const { rows } = await db.query('select settled_at from eventing.events where id = $1', [this.#id]);
		const after = isRelayed ? 'relayed' : rows[0]?.settled_at ? 'settled' : 'waits';
		return [delivery?.status, delivery?.resolution, letters, after].filter((part) => part !== null).join(' ');
	}
}

/** What happens, in this order, and the state after it. */
const lives: readonly (readonly [string, string])[] = [
	['', 'pending 0 relayed'],
	['first', 'dead 1 waits'],
	['first, again', 'dead 1 waits'],
	['relay, first, relayed', 'dead 1 waits'],
	['first, handled', 'handled 0 settled'],
	['handled, first', 'handled 0 settled'],
	// Discarded: it stays so, whatever is still under way.
	['first, discard', 'discarded discarded 0 settled'],
	['first, discard, again', 'discarded discarded 0 settled'],
	['relay, first, discard, relayed', 'discarded discarded 0 settled'],
	['first, replay, replayed, discard, again', 'discarded discarded 0 settled'],
	['first, replay, replayed, discard, first', 'discarded discarded 0 settled'],
	['first, drill, drilled, discard, again', 'discarded discarded 0 settled'],
	['first, discard, drill, again', 'discarded discarded 0 settled'],
	['first, discard, replay all, again', 'discarded discarded 0 settled'],
	['first, discard, unnamed', 'discarded discarded 0 settled'],
	// A late success after it is shown as both.
	['first, discard, handled', 'handled discarded 0 settled'],
	['first, discard, handled, again', 'handled discarded 0 settled'],
	// Replayed: only the replay itself, or a later publication, opens it again.
	['first, replay', 'pending replayed 0 relayed'],
	['first, replay, first', 'pending replayed 0 relayed'],
	['relay, first, replay, relayed', 'pending replayed 0 relayed'],
	['first, replay all, again', 'pending replayed 0 relayed'],
	['first, replay, replayed', 'dead 1 waits'],
	['first, replay, replayed, again', 'dead 1 waits'],
	['first, replay, replayed, first', 'dead 1 waits'],
	['first, replay all, replayed', 'dead 1 waits'],
	['first, replay, relay, relayed', 'dead 1 waits'],
	['first, replay, unnamed', 'dead 1 waits'],
	['first, replay, replayed, replay, first', 'pending replayed 0 relayed'],
	['first, replay, replayed, replay, again', 'pending replayed 0 relayed'],
	['first, replay, handled', 'handled replayed 0 settled'],
	['first, replay, handled, replayed', 'handled 0 settled'],
	['first, replay, replayed, handled', 'handled 0 settled'],
	// The end of a drill replays.
	['drill', 'pending 0 relayed'],
	['drill, drilled', 'dead 1 waits'],
	['first, drill', 'pending replayed 0 relayed'],
	['first, drill, first', 'pending replayed 0 relayed'],
	['first, drill, drilled', 'dead 1 waits'],
	['first, replay, drill, replayed', 'pending replayed 0 relayed'],
	['first, replay, drill, drilled', 'dead 1 waits'],
];

test('shows what an admin decided about a dead letter, whatever arrives later', async () => {
	const db = new pg.Client({ connectionString: await freshDatabase() });
	await db.connect();
	onTestFinished(() => db.end());
	expect(await types(db)).toContain(about.type);
	for (const [index, [steps, state]] of lives.entries()) {
		const life = new Life(db, String(index));
		await life.emit();
		for (const step of steps.split(', ').filter(Boolean)) await life.step(step);
		expect([steps, await life.state()]).toEqual([steps, state]);
	}
});

test('resolves a dead letter once, and says why it cannot be resolved again', async () => {
	const connectionString = await freshDatabase();
	const clients = [new pg.Client({ connectionString }), new pg.Client({ connectionString })] as const;
	for (const client of clients) {
		await client.connect();
		onTestFinished(() => client.end());
	}
	const [db, other] = clients;
	const life = new Life(db, '1');
	await life.emit();
	await life.step('first');
	const id = (await list(db, 1))[0]?.id ?? '';
	const refused = (why: string) => ({ reason: { status: 404, message: expect.stringContaining(why) } });
	const both = await Promise.allSettled([discard(db, id), discard(other, id)]);
	expect(both.filter(({ status }) => status === 'rejected')).toMatchObject([refused('It is discarded already.')]);
	await expect(replay(db, id)).rejects.toThrow('It is discarded already.');
	await db.query(`update eventing.dead_letters set resolution = null`);
	await life.step('handled');
	await expect(discard(db, id)).rejects.toThrow('It is handled already.');
	await expect(discard(db, '0198c0de-0000-7000-8000-000000000001')).rejects.toThrow('GET /api/dead-letters');
});
