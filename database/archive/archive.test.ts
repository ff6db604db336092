import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { ageLog, idOf, retained } from '../../tests/library/aged-log.ts';
import { asOwner, freshDatabase } from '../../tests/testing.ts';
import { archiveOf } from './archive.ts';
import { parseLine } from './event.ts';

test('the retention archives exactly the events that leave the log, and removes none before', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-archive-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const url = await freshDatabase();
	await ageLog(url, 120);
	const subjects = ['handled', 'discarded', 'unsettled'];
	await asOwner(url, (db) =>
		db.query(
			`insert into eventing.events (id, source, type, subject, time, dataschema, traceparent, data, settled_at)
				select id, '/functions/loans', 'dev.bodega.loan.requested', subject, now() - interval '125 days', 'urn:x', '00', '{}',
					case when subject <> 'unsettled' then now() end from unnest($1::text[], $2::text[]) e (id, subject);`,
			[subjects.map((_, index) => idOf(125, index)), subjects],
		),
	);
	await asOwner(url, (db) =>
		db.query(
			`insert into eventing.deliveries (source, id, trigger, attempts, handled_at)
				select source, id, 'shelves-on-loan-requested', 2, case when subject = 'handled' then now() end from eventing.events;
			 insert into eventing.dead_letters (source, event_id, trigger, event, resolution)
				select source, id, 'shelves-on-loan-requested', '{}', 'discarded' from eventing.events where subject = 'discarded'`,
		),
	);
	const place = join(folder, 'archive');
	const archive = archiveOf(place, {}, () => {});
	const stored = () =>
		asOwner(url, async (db) => {
			const { rows } = await db.query<{ events: string[]; aside: number }>(
				`select (select json_agg(subject) from eventing.events) as events, (select count(*)::int from pg_class
					where relnamespace = 'eventing'::regnamespace and relkind = 'r' and relname ~ '^dead_letters_') as aside`,
			);
			return rows[0];
		});

	writeFileSync(place, 'in the way of the folder');
	await expect(retained(url, { archive })).rejects.toThrow(`The archive ${place} is no folder. Correct its path.`);
	expect(await stored()).toMatchObject({ aside: 1 });
	rmSync(place);
	await retained(url, { archive });
	expect(await stored()).toEqual({ events: ['unsettled'], aside: 0 });

	const [file = '', ...more] = readdirSync(place);
	expect([file, more]).toEqual([expect.stringMatching(/^events-\d{4}-\d\d-\d\d-w\d{3}-0001\.jsonl\.gz$/), []]);
	const lines = gunzipSync(readFileSync(join(place, file)))
		.toString()
		.trimEnd()
		.split('\n');
	expect(lines.map(parseLine)).toMatchObject([
		{ subject: 'handled', deliveries: [{ attempts: 2, handled_at: expect.any(String) }], deadletters: [] },
		{ subject: 'discarded', deliveries: [{ attempts: 2 }], deadletters: [{ resolution: 'discarded' }] },
	]);
});

test.each([undefined, '', 'none'])('is none at the place "%s"', (place) => {
	expect(archiveOf(place, {}, () => {})).toBeUndefined();
});
