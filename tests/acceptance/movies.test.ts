import { expect, test } from 'vitest';
import { asAdmin, post, visit } from './setup/visitor.ts';

test('anyone can read and search the catalog, and only an admin can change it', async () => {
	expect((await visit('movies', '/api/movies/1')).json.title).toBe('Metropolis');
	const found = await visit('gateway', `/api/films/?${new URLSearchParams({ title: 'AMÉLIE' })}`);
	expect(found.json.map(({ title }: { title: string }) => title)).toContain('Le Fabuleux Destin d’Amélie Poulain');

	const body = { title: `100% a test's own ${Date.now()}`, description: 'Nobody has seen it.' };
	expect((await post('/api/movies', body)).status).toBe(401);
	const added = await post('/api/movies/', body, asAdmin);
	expect([added.status, added.json.description]).toEqual([201, body.description]);
	const search = `/api/movies?${new URLSearchParams({ title: body.title })}`;
	expect((await visit('gateway', search)).json).toEqual([added.json]);
	const at = String(added.headers['location']);
	const replaced = await visit('gateway', at, { method: 'PUT', body: { title: body.title }, headers: asAdmin });
	expect(replaced.json).toEqual({ ...added.json, description: '' });
	expect((await visit('gateway', at, { method: 'DELETE', headers: asAdmin })).status).toBe(204);
	expect((await visit('gateway', at)).status).toBe(404);
});
