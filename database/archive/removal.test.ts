import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CloudEvent } from 'cloudevents';
import type pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { asOwner, freshDatabase } from '../../tests/testing.ts';
import type { Removed } from '../retention/archive.ts';
import { parseLine } from './event.ts';
import { Folder } from './folder.ts';
import { s3Settings } from './place.ts';
import { archiveRemoved } from './removal.ts';
import { Bucket } from './s3/bucket.ts';
import { startS3 } from './s3/testing.ts';

const from = new Date('2026-08-31T08:00:00Z');
const removed: Removed = {
	events: 'eventing.events_20260831',
	deliveries: 'eventing.deliveries_20260831',
	deadLetters: 'eventing.dead_letters_20260831',
	from,
	to: new Date('2026-09-06T20:00:00Z'),
};
const name = (part: number): string => `events-2026-08-31-20260831-000${part}.jsonl.gz`;

/** Makes the tables of a removal, without indexes, with this many events. */
async function removal(events: number): Promise<(work: (db: pg.Client) => Promise<unknown>) => Promise<unknown>> {
	const url = await freshDatabase();
	await asOwner(url, (db) =>
		db.query(
			`create table ${removed.events} (like eventing.events including defaults);
			 create table ${removed.deliveries} (like eventing.deliveries including defaults);
			 create table ${removed.deadLetters} (like eventing.dead_letters including defaults);
			 insert into ${removed.events} (id, source, type, subject, time, dataschema, traceparent, data, relays, settled_at)
				select lpad(n::text, 12, '0'), '/functions/loans', 'dev.bodega.loan.requested', n::text, '2026-08-31T08:00:00Z',
					'urn:x', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', '{"reader": "Ada"}', 0, '2026-08-31T08:00:02Z'
				from generate_series(1, ${events}) n;
			 insert into ${removed.deliveries} (source, id, trigger, attempts, received_at, handled_at)
				select source, id, 'shelves-on-loan-requested', 1, time, time from ${removed.events}`,
		),
	);
	return (work) => asOwner(url, work);
}

function folder(): string {
	const path = mkdtempSync(join(tmpdir(), 'bodega-archive-'));
	onTestFinished(() => rmSync(path, { recursive: true, force: true }));
	return path;
}

const linesIn = (file: string): string[] => gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
const archived = (line: string | undefined) => parseLine(line ?? '');

test('writes each event as a CloudEvent, with all that the shop knows of it', async () => {
	const withDatabase = await removal(1);
	const path = folder();
	await withDatabase(async (db) => {
		const failures = [{ publication: 'relay-2', error: 'no copy left', times: 8, first_at: 'a', at: 'b' }];
		await db.query(
			`update ${removed.events} set time = '2026-08-31T08:00:00.123456Z', cause = 'the-cause', relays = 2, published_by = 'ada',
				source = '/admin', data = '{"n": 12345678901234567890.12, "none": null}';
			 delete from ${removed.deliveries};
			 insert into ${removed.deliveries} (source, id, trigger, attempts, received_at, handled_at, failures) values
				('/admin', '000000000001', 'shelves-on-loan-requested', 9, '2026-08-31T08:01:00Z', null, '${JSON.stringify(failures)}');
			 insert into ${removed.deadLetters} (source, event_id, trigger, event, code, error, received_at, resolution, resolved_at) values
				('/admin', '000000000001', 'shelves-on-loan-requested', '{}', 500, 'no copy left', '2026-08-31T08:03:00Z', 'discarded',
					'2026-08-31T09:00:00Z')`,
		);
		await archiveRemoved(new Folder(path), db, removed, () => {});
	});
	const [line = '', ...rest] = linesIn(join(path, name(1)));
	expect(rest).toEqual([]);
	const { deliveries, deadletters, ...event } = JSON.parse(line) as Record<string, unknown>;
	expect(event).toMatchObject({
		specversion: '1.0',
		id: '000000000001',
		source: '/admin',
		type: 'dev.bodega.loan.requested',
		subject: '1',
		time: '2026-08-31T08:00:00.123456Z',
		dataschema: 'urn:x',
		datacontenttype: 'application/json',
		traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
		causationid: 'the-cause',
		relays: 2,
		settledtime: '2026-08-31T08:00:02.000000Z',
		publishedby: 'ada',
	});
	expect(line).toContain('"data":{"n": 12345678901234567890.12, "none": null}}');
	expect(JSON.parse(String(deliveries))).toMatchObject([{ trigger: 'shelves-on-loan-requested', attempts: 9 }]);
	expect(JSON.parse(String(deadletters))).toMatchObject([
		{ code: 500, error: 'no copy left', resolution: 'discarded' },
	]);
	expect(archived(line)).toMatchObject({
		deliveries: [{ failures: [{ publication: 'relay-2', times: 8 }] }],
		deadletters: [{ resolution: 'discarded' }],
	});
	// The SDK rejects an event that breaks the specification, such as with an object as an extension.
	expect(new CloudEvent(JSON.parse(line) as object, true).validate()).toBe(true);
});

test('continues a large removal in further files, and has each event once, in the order of their ids', async () => {
	const withDatabase = await removal(3_500);
	const path = folder();
	const said: string[] = [];
	await withDatabase((db) => archiveRemoved(new Folder(path), db, removed, (line) => said.push(line), 700_000));
	const files = readdirSync(path).sort();
	expect(files).toEqual(files.map((_, index) => name(index + 1)));
	expect(files.length).toBeGreaterThan(1);
	const subjects = files.flatMap((file) => linesIn(join(path, file)).map((line) => archived(line).subject));
	expect(subjects).toEqual(Array.from({ length: 3_500 }, (_, n) => String(n + 1)));
	expect(said[0]).toMatch(/^archived \d+ events, 0\.\d MiB, in .*-0001\.jsonl\.gz \(\d+\.\d s, \d+ events\/s\)$/);
	expect(statSync(join(path, name(1))).mode & 0o777).toBe(0o600);
});

test('a repeated run replaces the files with the same content, whatever a killed one has left', async () => {
	const withDatabase = await removal(1_500);
	const path = folder();
	const run = () => withDatabase((db) => archiveRemoved(new Folder(path), db, removed, () => {}, 100_000));
	await run();
	const contents = () => readdirSync(path).map((file) => [file, readFileSync(join(path, file)).toString('base64')]);
	const first = contents();
	rmSync(join(path, name(2)));
	writeFileSync(join(path, name(1)), 'of a killed run');
	writeFileSync(join(path, `.${name(2)}.part`), 'of a killed run');
	await run();
	expect(contents()).toEqual(first);
	expect(first.length).toBeGreaterThan(1);
});

test('a removal without events writes no file', async () => {
	const withDatabase = await removal(0);
	const path = join(folder(), 'archive');
	await withDatabase((db) => archiveRemoved(new Folder(path), db, removed, () => {}));
	expect(existsSync(path)).toBe(false);
});

test('a database that fails leaves no file, and the error is thrown', async () => {
	const withDatabase = await removal(1_500);
	const path = folder();
	await withDatabase(async (db) => {
		let queries = 0;
		const broken = {
			query: (text: string, values: unknown[]) =>
				++queries === 2 ? db.query('select "nothing"') : db.query(text, values),
		};
		await expect(archiveRemoved(new Folder(path), broken as never, removed, () => {})).rejects.toThrow('"nothing"');
	});
	expect(readdirSync(path)).toEqual([]);
});

test.runIf(process.platform === 'linux')('says what to do about a full disk, and leaves no file', async () => {
	const withDatabase = await removal(10);
	const path = folder();
	symlinkSync('/dev/full', join(path, `.${name(1)}.part`));
	await expect(withDatabase((db) => archiveRemoved(new Folder(path), db, removed, () => {}))).rejects.toThrow(
		`The archive ${path} is full. Delete old files there`,
	);
	expect(readdirSync(path)).toEqual([]);
});

test('writes to a bucket too, and an error of the bucket is thrown', async () => {
	const s3 = await startS3();
	const bucket = new Bucket('bucket', '', { ...s3Settings(s3.env, 's3://bucket'), pause: 1 });
	const withDatabase = await removal(1_500);
	await withDatabase(async (db) => {
		s3.faults.push({ request: /^PUT/, fault: [403, 'AccessDenied'] });
		await expect(archiveRemoved(bucket, db, removed, () => {})).rejects.toThrow('s3:PutObject');
		expect([s3.objects.size, s3.uploads.size]).toEqual([0, 0]);
		await archiveRemoved(bucket, db, removed, () => {});
	});
	const content = gunzipSync(s3.objects.get(name(1)) ?? '').toString();
	expect(content.trimEnd().split('\n')).toHaveLength(1_500);
});
