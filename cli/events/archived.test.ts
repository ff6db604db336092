import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lineOf, type RemovedEvent } from '../../database/archive/event.ts';
import { startS3 } from '../../database/archive/s3/testing.ts';
import { root } from '../commands/options.ts';

const event = (n: number, more: Partial<RemovedEvent> = {}): RemovedEvent => ({
	...{ id: `id-${n}`, source: '/functions/loans', type: 'dev.bodega.loan.requested', subject: String(n) },
	...{ time: '2026-08-31T08:00:00.123456Z', dataschema: 'urn:x', traceparent: '00', cause: null, relays: 0 },
	...{ settled_at: '2026-08-31T08:00:02.000000Z', published_by: null, data: '{"reader":"Ada"}', dead_letters: null },
	deliveries: JSON.stringify([
		{ trigger: 'shelves-on-loan-requested', attempts: 1, failures: [], handled_at: '2026-08-31T08:00:01.000000Z' },
	]),
	...more,
});

const file = (week: number): string => `events-2026-0${week}-01-20260${week}01-0001.jsonl.gz`;
const gzipped = (events: readonly RemovedEvent[]): Buffer => gzipSync(events.map(lineOf).join(''));

/** Makes an archive with a file for each list of events. */
function archive(...weeks: readonly (readonly RemovedEvent[])[]): string {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-archive-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	for (const [index, events] of weeks.entries()) writeFileSync(join(folder, file(index + 1)), gzipped(events));
	return folder;
}

interface Ran {
	readonly code: number;
	readonly lines: string[];
	readonly said: string[];
}

const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
	shell(join(root, 'bodega'), ['events', ...args], env);

function shell(program: string, args: readonly string[], more: Record<string, string> = {}): Promise<Ran> {
	const { PATH = '', HOME = '' } = process.env;
	return new Promise((resolve) => {
		const env = { PATH, HOME, ...more };
		execFile(program, args, { env, maxBuffer: 2 ** 28 }, (error, stdout, stderr) =>
			resolve({
				code: Number(error?.code ?? 0),
				lines: stdout.trimEnd().split('\n').filter(Boolean),
				said: stderr.trimEnd().split('\n'),
			}),
		);
	});
}

const subjects = ({ lines }: Ran): string[] => lines.map((line) => (JSON.parse(line) as { subject: string }).subject);

describe('the archived events', () => {
	test('are printed as the log prints them, oldest first, and the command says which files it reads', async () => {
		const discarded = event(3, {
			deliveries: null,
			dead_letters: JSON.stringify([
				{ trigger: 'shelves-on-loan-requested', received_at: '2026-08-31T08:00:09.000000Z', resolution: 'discarded' },
			]),
		});
		const folder = archive([event(1), event(2, { deliveries: null })], [discarded]);
		const at = '2026-08-31T08:00:00.123Z';
		expect(await run(['--archive', folder])).toEqual({
			code: 0,
			lines: [
				`${at}  loan.requested 1 from loans → shelves handled`,
				`${at}  loan.requested 2 from loans → no recipient`,
				`${at}  loan.requested 3 from loans → shelves discarded`,
			],
			said: [`Reading ${folder}/${file(1)}`, `Reading ${folder}/${file(2)}`],
		});
	});

	test('have the JSON of the log, without their origin', async () => {
		const failures = [{ publication: null, error: 'none left', at: '2026-08-31T08:00:01.000Z' }];
		const folder = archive([
			event(1, {
				cause: 'id-0',
				published_by: 'ada',
				deliveries: JSON.stringify([
					{ trigger: 'shelves-on-loan-requested', attempts: 3, failures, handled_at: '2026-08-31T08:00:01.000000Z' },
				]),
			}),
		]);
		const { lines } = await run(['--archive', folder, '--json']);
		expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
			{
				...{ id: 'id-1', source: '/functions/loans', type: 'dev.bodega.loan.requested', subject: '1' },
				...{ time: '2026-08-31T08:00:00.123Z', dataschema: 'urn:x', traceparent: '00', cause: 'id-0', relays: 0 },
				...{ relay_after: null, published_by: 'ada', data: { reader: 'Ada' } },
				deliveries: [
					{
						...{ trigger: 'shelves-on-loan-requested', function: 'shelves', status: 'handled', attempts: 3 },
						failures: [{ ...failures[0], times: 1, first_at: failures[0]?.at }],
						...{ unlisted_failures: 1, retry_after: null, resolution: null, drill_until: null },
						...{ received_at: null, handled_at: '2026-08-31T08:00:01.000Z' },
					},
				],
			},
		]);
	});

	test('are filtered as in the log, and limited to the last ones, which need the newest files only', async () => {
		const folder = archive(
			[event(1), event(2)],
			[event(3, { type: 'dev.bodega.fine.issued', source: '/functions/fines', deliveries: null }), event(4)],
		);
		const found = async (...args: string[]) => subjects(await run(['--archive', folder, '--json', ...args]));
		expect(await found('--type', 'loan.requested')).toEqual(['1', '2', '4']);
		expect(await found('--subject', '2')).toEqual(['2']);
		expect(await found('--function', 'fines')).toEqual(['3']);
		expect(await found('--function', 'shelves', '--limit', '2')).toEqual(['2', '4']);
		expect(await found('--status', 'discarded')).toEqual([]);
		const last = await run(['--archive', folder, '--json', '--limit', '2']);
		expect([subjects(last), last.said]).toEqual([['3', '4'], [`Reading ${folder}/${file(2)}`]]);
	});

	test('come from one file, from the folder of a closed shop, or from a bucket', async () => {
		const folder = archive([event(1)], [event(2)]);
		expect(subjects(await run(['--json', '--archive', join(folder, file(2))]))).toEqual(['2']);

		const data = archive();
		mkdirSync(join(data, 'archive'));
		writeFileSync(join(data, 'archive', file(1)), gzipped([event(7)]));
		expect(subjects(await run(['--json', '--data', data, '--archive']))).toEqual(['7']);

		const s3 = await startS3();
		for (const week of [1, 2]) s3.objects.set(`shop/${file(week)}`, readFileSync(join(folder, file(week))));
		expect(subjects(await run(['--json', '--archive', 's3://bucket/shop'], s3.env))).toEqual(['1', '2']);
	});
});

describe('on a cluster', () => {
	/** Makes a kubectl that answers for a shop whose claim is a folder. Returns its environment, and reads how it was called. */
	function cluster(place: string, files: string, secret: Record<string, string> = {}) {
		const folder = archive();
		const data = Object.entries(secret).map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
		const answers = {
			namespace: { metadata: { name: 'bodega', annotations: { 'bodega.dev/archive': place } } },
			secrets: { items: [{ data: Object.fromEntries(data) }] },
			cronjobs: {
				items: [{ spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: 'ours' }] } } } } } }],
			},
		};
		for (const [name, answer] of Object.entries(answers)) writeFileSync(join(folder, name), JSON.stringify(answer));
		const script = `#!/bin/sh
			printf '%s\\n' "$*" >> ${folder}/calls
			case "$*" in
				*--raw*) echo '{"gitVersion":"v1"}';;
				'get namespace '*) cat ${folder}/namespace;;
				'get secrets '*) cat ${folder}/secrets;;
				'get cronjobs.batch '*) cat ${folder}/cronjobs;;
				'apply '*) cat > ${folder}/applied; cat ${folder}/applied;;
				*' ls '*) ls ${files};;
				*' cat '*) exec cat "${files}/\${*##*/}";;
			esac`;
		writeFileSync(join(folder, 'kubectl'), script, { mode: 0o755 });
		return {
			env: { PATH: `${folder}:${process.env['PATH']}` },
			calls: (): string => readFileSync(join(folder, 'calls'), 'utf8'),
		};
	}

	test('they come from the claim, through a Pod that is deleted, also when the reader of the output stops', async () => {
		const { env, calls } = cluster(
			'claim',
			archive(
				[event(1)],
				Array.from({ length: 50_000 }, (_, n) => event(n)),
			),
		);
		const { code, lines, said } = await run(['-n', 'bodega', '--archive', '--json', '--limit', '2'], env);
		expect([code, lines.length]).toEqual([0, 2]);
		expect(said).toContain(`Reading claim archive/${file(2)}`);
		const pod = /wait pod\/(archive-reader-\d+)/.exec(calls())?.[1];
		expect(calls()).toContain(`delete pod ${pod} -n bodega`);

		const command = `"${join(root, 'bodega')}" events -n bodega --archive`;
		const { lines: first } = await shell('bash', ['-c', `${command} | head -n 1`], env);
		expect(first).toHaveLength(1);
		await expect
			.poll(
				() =>
					calls()
						.split('\n')
						.filter((call) => call.startsWith('delete pod')).length,
			)
			.toBe(2);
	});

	test('they come from the bucket, with the key of the Secret, at an endpoint that this machine reaches', async () => {
		const s3 = await startS3();
		s3.objects.set(file(1), gzipped([event(7)]));
		const { AWS_ENDPOINT_URL, ...key } = s3.env;
		const stored = { ...key, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
		const { env } = cluster('s3://bucket', '', stored);
		const args = ['-n', 'bodega', '--archive', '--json'];
		const unreachable = await run(args, env);
		expect([unreachable.code, unreachable.said.at(-1)]).toEqual([
			1,
			expect.stringContaining('http://127.0.0.1:1 does not answer'),
		]);
		expect(subjects(await run(args, { ...env, AWS_ENDPOINT_URL: String(AWS_ENDPOINT_URL) }))).toEqual(['7']);
	});
});

test('a broken file hides no event of the others, and the exit code is 1', async () => {
	const folder = archive(
		[event(1)],
		Array.from({ length: 5_000 }, (_, n) => event(n, { id: String(Math.sin(n)) })),
		[event(3)],
	);
	const whole = readFileSync(join(folder, file(2)));
	writeFileSync(join(folder, file(2)), whole.subarray(0, whole.length - 20));
	writeFileSync(join(folder, file(1)), gzipSync(`${lineOf(event(1))}nonsense\n`));
	const { code, lines, said } = await run(['--archive', folder, '--json']);
	expect([code, lines.length > 2, JSON.parse(lines.at(-1) ?? '{}')]).toMatchObject([1, true, { subject: '3' }]);
	expect(said).toEqual([
		`Reading ${folder}/${file(1)}`,
		expect.stringMatching(`${file(1)}, line 2: .*nonsense`),
		`Reading ${folder}/${file(2)}`,
		expect.stringMatching(`${file(2)}, after line ${lines.length - 2}: the file cannot be read further`),
		`Reading ${folder}/${file(3)}`,
	]);
});

test('ends when the reader of its output does, in little memory', async () => {
	const folder = archive(Array.from({ length: 100_000 }, (_, n) => event(n)));
	const command = `"${join(root, 'bodega')}" events --archive "${folder}" --json`;
	const env = { NODE_OPTIONS: '--max-old-space-size=48' };
	const { lines } = await shell('bash', ['-c', `set -o pipefail; ${command} | head -n 1; echo "$?"`], env);
	expect([lines.length, lines.at(-1)]).toEqual([2, '0']);
	const slow = await shell('bash', ['-c', `set -o pipefail; ${command} | (sleep 1; wc -l); echo "$?"`], env);
	expect(slow.lines.map((line) => line.trim())).toEqual(['100000', '0']);
});

test.each([
	[['--archive', '--follow'], /cannot be combined with/],
	[
		['--archive', 'gs://bucket'],
		/^--archive gs:\/\/bucket: expected a folder, file:\/\/\/FOLDER or s3:\/\/BUCKET\/PREFIX$/,
	],
	[['--archive', 's3://bucket'], /^s3:\/\/bucket needs a key .* AWS_ACCESS_KEY_ID/],
])('bad usage ends with 2: %j', async (args, message) => {
	const { code, said } = await run(args);
	expect([code, said[0]]).toEqual([2, expect.stringMatching(message)]);
});

test('a folder that is not there is named', async () => {
	const { code, said } = await run(['--archive', '/nowhere']);
	expect([code, said]).toEqual([1, ['The archive /nowhere is no folder. Correct its path.']]);
});
