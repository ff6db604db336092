import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { ClientBase } from 'pg';
import type { Removed } from '../retention/archive.ts';
import { lineOf, type RemovedEvent } from './event.ts';
import { type ArchiveStore, fileName } from './store.ts';

/** How many events each query reads: 25 MB, if each is as large as a request can make it. */
const batchSize = 250;

/** The size from which a week continues in a further file, in bytes before compression: some 50 MB after it. */
const fileSize = 512 * 2 ** 20;

/**
 * Writes the events of a removal into an archive, with their deliveries and dead letters. It resolves when the files are complete and
 * durable. A repeated run replaces the files with the same content. Memory does not grow with the number of events.
 * @param size from which the events continue in a further file, in bytes before compression
 * @throws {Error} with the next step when the archive or the database fails
 */
export async function archiveRemoved(
	store: ArchiveStore,
	db: ClientBase,
	removed: Removed,
	log: (line: string) => void,
	size: number = fileSize,
): Promise<void> {
	const batches = batchesOf(db, removed);
	let next = await batches.next();
	for (let part = 1; !next.done; part += 1) {
		const name = fileName(removed.from, removed.events, part);
		const begun = performance.now();
		let [events, bytes] = [0, 0];
		const lines = async function* (): AsyncGenerator<Buffer> {
			for (; !next.done && bytes < size; next = await batches.next()) {
				const text = Buffer.from(next.value.map(lineOf).join(''));
				events += next.value.length;
				bytes += text.length;
				yield text;
			}
		};
		const content = pipeline(lines(), createGzip(), () => {}); // The store gets an error when it reads.
		try {
			await store.write(name, content);
		} finally {
			content.destroy();
		}
		const seconds = (performance.now() - begun) / 1000;
		const rate = `${seconds.toFixed(1)} s, ${Math.round(events / seconds)} events/s`;
		log(`archived ${events} events, ${(bytes / 2 ** 20).toFixed(1)} MiB, in ${store.title}/${name} (${rate})`);
	}
}

const iso = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/**
 * Reads events in the order of their ids, in batches: each query continues after the last event of the one before. A cursor would
 * need a transaction, which would hold back the vacuum of every other table.
 */
async function* batchesOf(
	db: ClientBase,
	{ events, deliveries, deadLetters }: Removed,
): AsyncGenerator<RemovedEvent[]> {
	const text = `with batch as materialized (select * from ${events} where (id, source) > ($1, $2) order by id, source limit $3),
		delivered as (
			select source, id, json_agg(json_strip_nulls(json_build_object('trigger', trigger, 'attempts', attempts,
				'received_at', ${iso('received_at')}, 'handled_at', ${iso('handled_at')}, 'failures', failures)) order by trigger)::text as deliveries
			from ${deliveries} where (source, id) in (select source, id from batch) group by source, id),
		dead as (
			select source, event_id as id, json_agg(json_strip_nulls(json_build_object('trigger', trigger, 'destination', destination,
				'code', code, 'error', error, 'received_at', ${iso('received_at')}, 'resolution', resolution,
				'resolved_at', ${iso('resolved_at')})) order by trigger)::text as dead_letters
			from ${deadLetters} where (source, event_id) in (select source, id from batch) group by source, event_id)
		select id, source, type, subject, ${iso('time')} as time, dataschema, traceparent, cause, relays,
			${iso('settled_at')} as settled_at, published_by, data::text as data, deliveries, dead_letters
		from batch left join delivered using (source, id) left join dead using (source, id) order by id, source`;
	for (let last: RemovedEvent | undefined; ; ) {
		const { rows } = await db.query<RemovedEvent>(text, [last?.id ?? '', last?.source ?? '', batchSize]);
		if (rows.length > 0) yield rows;
		if (rows.length < batchSize) return;
		last = rows.at(-1);
	}
}
