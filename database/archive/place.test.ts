import { join } from 'node:path';
import { expect, test } from 'vitest';
import { archiveAt, s3Settings } from './place.ts';

const env = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };

test.each([
	['archive', join(process.cwd(), 'archive')],
	['/var/archive', '/var/archive'],
	['file:///var/the%20archive', '/var/the archive'],
	['s3://shop-events', 's3://shop-events'],
	['s3://shop-events/a/b.c/', 's3://shop-events/a/b.c'],
])('opens the archive at %s', (place, title) => {
	expect(archiveAt(place, 'ARCHIVE', env).title).toBe(title);
});

test.each([
	's3://Shop',
	's3://ab',
	's3://shop/../other',
	's3://shop/a//b',
	's3://shop/a?b',
	'gs://shop',
	'file://host/folder',
	'https://shop',
])('rejects the place %s', (place) => {
	expect(() => archiveAt(place, 'ARCHIVE', env)).toThrow(
		`ARCHIVE ${place}: expected a folder, file:///FOLDER or s3://BUCKET/PREFIX`,
	);
});

test('a bucket needs a key, and its endpoint is Amazon’s by default', () => {
	expect(() => archiveAt('s3://shop-events', 'ARCHIVE', {})).toThrow('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
	expect(s3Settings({ ...env, AWS_REGION: 'eu-west-3' }, 's3://shop').endpoint.href).toBe(
		'https://s3.eu-west-3.amazonaws.com/',
	);
	for (const text of ['minio:9000', 'https://user@s3.example.com', 'nonsense'])
		expect(() => s3Settings({ ...env, AWS_ENDPOINT_URL: text }, 's3://shop')).toThrow(`AWS_ENDPOINT_URL is "${text}"`);
});
