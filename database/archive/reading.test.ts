import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { lineOf } from './event.ts';
import { Folder } from './folder.ts';
import { eventsIn } from './reading.ts';

const name = 'events-2026-08-31-20260831-0001.jsonl.gz';
const line = (id: string, data = '{}'): string =>
	lineOf({
		...{
			id,
			source: '/functions/loans',
			type: 'dev.bodega.loan.requested',
			subject: id,
			time: '2026-08-31T08:00:00.123456Z',
		},
		...{ dataschema: 'urn:x', traceparent: '00', cause: null, relays: 0, settled_at: null, published_by: null, data },
		...{ deliveries: null, dead_letters: null },
	});

async function arrayOf<T>(items: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const item of items) all.push(item);
	return all;
}

/** Reads a file with this content. */
async function read(content: Buffer) {
	const path = mkdtempSync(join(tmpdir(), 'bodega-archive-'));
	onTestFinished(() => rmSync(path, { recursive: true, force: true }));
	writeFileSync(join(path, name), content);
	const troubles: string[] = [];
	const events = await arrayOf(eventsIn(new Folder(path), name, (trouble) => troubles.push(trouble)));
	const at = join(path, name);
	return { ids: events.map(({ id }) => id), troubles: troubles.map((trouble) => trouble.replaceAll(at, 'FILE')) };
}

test('reads the events of a file in several gzip members, whose last line need not end', async () => {
	const content = Buffer.concat([gzipSync(line('1') + line('2', '{"text": "é\\n"}')), gzipSync(line('3').trimEnd())]);
	expect(await read(content)).toEqual({ ids: ['1', '2', '3'], troubles: [] });
});

test('skips lines that are no events, and says which and why', async () => {
	const broken = [
		'{',
		'',
		'[]',
		'{"specversion":"0.3"}',
		line('2').replace('"relays":0', '"deliveries":"{"'),
		line('2').replace('2026', 'x'),
		'7',
	];
	const { ids, troubles } = await read(
		gzipSync(`${line('1')}${broken.map((each) => `${each.trimEnd()}\n`).join('')}${line('3')}`),
	);
	expect(ids).toEqual(['1', '3']);
	expect(troubles).toEqual([
		expect.stringMatching(/^FILE, line 2: .*JSON/),
		expect.stringMatching(/^FILE, line 3: .*JSON/),
		expect.stringMatching(/^FILE, line 4: not an archived event: .*expected object/),
		expect.stringMatching(/^FILE, line 5: not an archived event: specversion/),
		expect.stringMatching(/^FILE, line 6: not an archived event: deliveries: expected JSON in a string/),
		'FILE: 2 more lines are no events',
	]);
});

test('reads a file that is cut off as far as it goes', async () => {
	const whole = gzipSync(Array.from({ length: 5_000 }, (_, n) => line(`${n}-${Math.sin(n)}`)).join(''));
	const { ids, troubles } = await read(whole.subarray(0, whole.length / 2));
	expect(ids.length).toBeGreaterThan(100);
	expect(troubles).toEqual([`FILE, after line ${ids.length}: the file cannot be read further: unexpected end of file`]);
});

test.each([
	['is no gzip', Buffer.from('not at all'), 'incorrect header check'],
	['has an endless line', gzipSync('x'.repeat(5 * 2 ** 20)), 'a line is longer than 4194304 characters'],
])('says that a file %s', async (_what, content, why) => {
	expect(await read(content)).toEqual({
		ids: [],
		troubles: [`FILE, after line 0: the file cannot be read further: ${why}`],
	});
});

test('says that a file cannot be opened', async () => {
	const troubles: string[] = [];
	await arrayOf(eventsIn(new Folder('/nowhere'), name, (trouble) => troubles.push(trouble)));
	expect(troubles).toEqual([expect.stringContaining(`/nowhere/${name}`)]);
});
