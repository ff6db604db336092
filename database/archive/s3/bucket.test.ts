import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { s3Settings } from '../place.ts';
import { Bucket } from './bucket.ts';
import { type S3, startS3 } from './testing.ts';

const bucketOf = (s3: S3, env: Record<string, string> = {}, bucket = 'bucket'): Bucket =>
	new Bucket(bucket, 'shop/events', { ...s3Settings({ ...s3.env, ...env }, 's3://bucket'), pause: 1 });

const name = (part: number): string => `events-2026-11-23-20261123-000${part}.jsonl.gz`;
const key = (part: number): string => `shop/events/${name(part)}`;
/** Chunks as gzip makes them. */
const chunksOf = (content: Buffer): Readable =>
	Readable.from(
		(function* () {
			for (let at = 0; at < content.length; at += 16_384) yield content.subarray(at, at + 16_384);
		})(),
	);

test('uploads a large file in parts, and reads it again', async () => {
	const s3 = await startS3();
	const content = randomBytes(17 * 2 ** 20);
	const bucket = bucketOf(s3);
	await bucket.write(name(1), chunksOf(content));
	expect(s3.requests).toEqual([
		`POST /bucket/${key(1)}?uploads`,
		...Array(3).fill(`PUT /bucket/${key(1)}?partNumber&uploadId`),
		`POST /bucket/${key(1)}?uploadId`,
	]);
	expect(s3.objects.get(key(1))?.equals(content)).toBe(true);
	expect((await buffer(await bucket.open(name(1)))).equals(content)).toBe(true);
});

test('lists the files of its prefix on several pages, oldest first', async () => {
	const s3 = await startS3();
	for (const each of [key(3), key(1), key(2), `${key(1)}.part`, 'shop/events/events-notes.txt', name(4)])
		s3.objects.set(each, Buffer.from(''));
	expect(await bucketOf(s3).list()).toEqual([name(1), name(2), name(3)]);
	expect(s3.requests.length).toBeGreaterThan(1);
});

test('a failing content aborts the upload, and no file appears', async () => {
	const s3 = await startS3();
	const broken = async function* () {
		yield randomBytes(9 * 2 ** 20);
		throw new Error('the database is gone');
	};
	await expect(bucketOf(s3).write(name(1), broken())).rejects.toThrow('the database is gone');
	expect([s3.uploads.size, s3.objects.size, s3.requests.at(-1)]).toEqual([0, 0, `DELETE /bucket/${key(1)}?uploadId`]);
});

describe('a store that fails for the moment', () => {
	test.each([[[500, 'InternalError']], [[503, 'SlowDown']], [[200, 'InternalError']], ['reset']] as const)(
		'gets the request again: %j',
		async (fault) => {
			const s3 = await startS3();
			const content = randomBytes(1000);
			for (const request of [/uploads$/, /^PUT/, /^PUT/, /^POST .*uploadId/]) s3.faults.push({ request, fault });
			await bucketOf(s3).write(name(1), chunksOf(content));
			s3.faults.push({ request: /^GET/, fault: fault === 'reset' ? fault : [503, 'SlowDown'] });
			expect((await buffer(await bucketOf(s3).open(name(1)))).equals(content)).toBe(true);
			expect([s3.faults, s3.uploads.size]).toEqual([[], 0]);
		},
	);

	test('gets it four times at most', async () => {
		const s3 = await startS3();
		for (let each = 0; each < 9; each += 1) s3.faults.push({ request: /^PUT/, fault: [503, 'SlowDown'] });
		await expect(bucketOf(s3).write(name(1), chunksOf(randomBytes(10)))).rejects.toThrow(
			`s3://bucket/shop/events/${name(1)}: the store answered 503 SlowDown it is "SlowDown"`,
		);
		expect(s3.requests.filter((each) => each.startsWith('PUT'))).toHaveLength(4);
		expect([s3.uploads.size, s3.objects.size]).toEqual([0, 0]);
	});
});

test.each([
	['a wrong key', { AWS_ACCESS_KEY_ID: 'another' }, 'bucket', /403 InvalidAccessKeyId .* Correct AWS_ACCESS_KEY_ID/],
	[
		'a wrong secret',
		{ AWS_SECRET_ACCESS_KEY: 'other' },
		'bucket',
		/403 SignatureDoesNotMatch .* Correct AWS_SECRET_ACCESS_KEY/,
	],
	['no bucket', {}, 'backet', /404 NoSuchBucket .* Create the bucket, or correct its name/],
	[
		'no server',
		{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
		'bucket',
		/http:\/\/127.0.0.1:1 does not answer: .* Check AWS_ENDPOINT_URL/,
	],
])('says what to do about %s, and asks once', async (_what, env, bucket, message) => {
	const s3 = await startS3();
	await expect(bucketOf(s3, env, bucket).list()).rejects.toThrow(message);
	expect(s3.requests.length).toBeLessThanOrEqual(1);
});

test('names the right region, and says what a key is not allowed to do', async () => {
	const s3 = await startS3();
	s3.faults.push({ request: /GET/, fault: [403, 'AccessDenied'] }, { request: /GET/, fault: [404, 'NoSuchKey'] });
	await expect(bucketOf(s3).list()).rejects.toThrow('Allow the key s3:ListBucket');
	await expect(bucketOf(s3).open(name(1))).rejects.toThrow('The file was deleted meanwhile');
});
