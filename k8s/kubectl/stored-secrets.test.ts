import { expect, test } from 'vitest';
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
