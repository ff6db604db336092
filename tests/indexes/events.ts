import { randomUUID } from 'node:crypto';
import { catalog, type EventData, type EventType } from '../../eventing/catalog/catalog.ts';
import { triggerName } from '../../eventing/delivery.ts';
import type { Declaration } from '../../kit/declare/declare.ts';
import type { EventHandlers } from '../../kit/events/events.ts';
import { asOwner, deliver, type Serving, servingEvents } from '../testing.ts';

/** As often as Postgres has to execute a prepared statement until it has decided how it plans that. */
export const times = 7;

/** Sends a function everything that a Broker and a PingSource send it. Tells what it sends before. */
export async function sendEvents(
	declaration: Declaration,
	ownerUrl: string,
	tell: (what: string) => void,
): Promise<void> {
	const { name, reacts, schedule, deadLetters } = declaration;
	if (!reacts.length && !schedule && !deadLetters) return;
	const events = (await import(`../../functions/${name}/events.ts`)) as EventHandlers;
	// The relay is to find what the functions before it have emitted, which nobody handles here.
	const served = await servingEvents(declaration, { events }, { ownerUrl, env: { RELAY_AFTER: '0' } });
	const some = Object.keys(catalog)[0] as EventType;
	for (let time = 0; time < times; time += 1) {
		for (const type of reacts) {
			tell(`handles ${type}`);
			await send(served, type, time);
			tell(`fails to handle ${type}`);
			await sql(ownerUrl, `insert into eventing.drills values ($1, now(), now() + interval '1 minute')`, [name]);
			await send(served, type, time + times);
			await sql(ownerUrl, 'delete from eventing.drills');
		}
		if (deadLetters) {
			tell('gets a dead letter');
			await send(served, some, time, `/${triggerName(name, some)}`);
		}
		if (schedule) {
			tell('wakes on its schedule');
			const ping = {
				'ce-specversion': '1.0',
				'ce-id': '1',
				'ce-source': '/pings',
				'ce-type': 'dev.knative.sources.ping',
			};
			await served.fetch('/', { method: 'POST', headers: ping });
		}
	}
}

/** Sends an event of a type, about an order of its own if it is about one. */
async function send(to: Serving, type: EventType, order: number, path?: string): Promise<void> {
	const [example] = (catalog[type].data.meta()?.['examples'] ?? []) as object[];
	const data = { ...example, ...(example && 'order_id' in example ? { order_id: 1_000_000 + order } : {}) };
	await deliver(to, { type, from: 'indexes', subject: randomUUID(), data: data as EventData<EventType> }, path);
}

const sql = (url: string, text: string, values: unknown[] = []): Promise<unknown> =>
	asOwner(url, (db) => db.query(text, values));
