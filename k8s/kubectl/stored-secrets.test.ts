import { describe, expect, test } from 'vitest';
import { secretName } from '../manifests/secret.ts';
import { readSecrets } from './stored-secrets.ts';

const own = 'postgresql://bodega:secret@postgres:5432/bodega';
const elsewhere = 'postgresql://o:p@db.example.com/shop';

/** Returns a fake client for a cluster whose shop was deployed with a database at this URL. */
const cluster = (url: string) => {
	const encode = (text: string): string => Buffer.from(text).toString('base64');
	const data = { POSTGRES_PASSWORD: encode('secret'), DATABASE_URL: encode(url) };
	return { list: async () => [{ metadata: { name: secretName.owner }, data }] } as never;
};
const external = { database: 'external' } as const;

test('the URL of an external database is the given one, or else the stored one', async () => {
	const given = await readSecrets(cluster(own), { choices: external, before: {} }, elsewhere);
	const stored = await readSecrets(cluster(elsewhere), { choices: external, before: external });
	expect([given.externalUrl, stored.externalUrl]).toEqual([elsewhere, elsewhere]);
});

test('never uses the URL of the shop’s own Postgres for an external database', async () => {
	await expect(readSecrets(cluster(own), { choices: external, before: {} })).rejects.toThrow(
		'DATABASE_URL=postgresql://…',
	);
	expect((await readSecrets(cluster(own), { choices: {}, before: {} })).externalUrl).toBeUndefined();
});

test('rejects a URL that is not a Postgres URL', async () => {
	await expect(readSecrets(cluster(own), { choices: external, before: {} }, 'mysql://db')).rejects.toThrow(
		'DATABASE_URL',
	);
});

describe('the key of a bucket', () => {
	const chosen = { choices: { archive: 's3://shop-events' }, before: {} } as const;
	const given = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-3' };
	const key = { ...given, AWS_ENDPOINT_URL: 'https://s3.eu-west-3.amazonaws.com/' };
	const withKey = (data: Readonly<Record<string, string>>) =>
		({
			list: async () => [
				{
					metadata: { name: secretName.archive },
					data: Object.fromEntries(
						Object.entries(data).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
					),
				},
			],
		}) as never;

	test('is the given one, complete with the defaults, or else the stored one', async () => {
		expect((await readSecrets(withKey({}), chosen, undefined, given)).archive).toEqual(key);
		const other = { ...key, AWS_ENDPOINT_URL: 'http://minio.storage:9000/' };
		expect((await readSecrets(withKey(other), chosen)).archive).toEqual(other);
		expect((await readSecrets(withKey(other), { choices: { archive: 'claim' }, before: {} })).archive).toBeUndefined();
	});

	test('is needed, and does not expire', async () => {
		await expect(readSecrets(withKey({}), chosen)).rejects.toThrow(
			'--archive s3://shop-events needs a key of its store in the environment',
		);
		const session = { ...given, AWS_SESSION_TOKEN: 'token' };
		await expect(readSecrets(withKey({}), chosen, undefined, session)).rejects.toThrow('Unset it');
	});
});
