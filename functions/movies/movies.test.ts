import { expect, test } from 'vitest';
import { asAdmin, asUser, freshDatabase, serving } from '../../tests/testing.ts';
import type { Movie } from './api.ts';
import movies from './function.ts';
import * as http from './http.ts';

const serveMovies = async () => serving(movies, { http }, { ownerUrl: await freshDatabase() });

const first = ['Metropolis', 'Modern Times', 'Seven Samurai', 'Le Fabuleux Destin d’Amélie Poulain', 'Spirited Away'];
const titles = async (answer: Response): Promise<string[]> =>
	((await answer.json()) as Movie[]).map(({ title }) => title);

test('lists the five initial movies, also at the alias and with a trailing slash', async () => {
	const { fetch } = await serveMovies();
	for (const path of ['/api/movies', '/api/movies/', '/api/films'])
		expect(await titles(await fetch(path))).toEqual(first);
});

test('an admin adds, replaces and removes a movie', async () => {
	const { fetch } = await serveMovies();
	const body = { title: ' Playtime ', description: 'Monsieur Hulot is lost in a Paris of glass.' };
	const added = await fetch('/api/movies/', { method: 'POST', headers: asAdmin, body });
	expect(added.status).toBe(201);
	const movie = (await added.json()) as Movie;
	expect(movie).toMatchObject({ title: 'Playtime', description: body.description });
	const at = added.headers.get('location') ?? '';
	expect(await (await fetch(at)).json()).toEqual(movie);
	const replaced = await fetch(at, { method: 'PUT', headers: asAdmin, body: { title: 'PlayTime' } });
	expect(await replaced.json()).toEqual({ ...movie, title: 'PlayTime', description: '' });
	expect((await fetch(at, { method: 'DELETE', headers: asAdmin })).status).toBe(204);
	for (const method of ['GET', 'PUT', 'DELETE'])
		expect(
			(await fetch(at, { method, headers: asAdmin, ...(method === 'PUT' ? { body: { title: 'Gone' } } : {}) })).status,
		).toBe(404);
});

test('only an admin can change the catalog', async () => {
	const { fetch } = await serveMovies();
	const body = { title: 'Mine' };
	for (const [method, path] of [
		['POST', '/api/movies'],
		['PUT', '/api/movies/1'],
		['DELETE', '/api/movies/1'],
	] as const)
		expect([
			(await fetch(path, { method, body })).status,
			(await fetch(path, { method, body, headers: asUser() })).status,
		]).toEqual([401, 403]);
	expect(await titles(await fetch('/api/movies'))).toEqual(first);
});

test.each([
	['body.title', { description: 'No title.' }],
	['body.title', { title: '  ' }],
	['body.title', { title: 'x'.repeat(201) }],
	['body.description', { title: 'Long', description: 'x'.repeat(2_001) }],
])('answers 422 and names a wrong %s', async (field, body) => {
	const { fetch } = await serveMovies();
	const answer = await fetch('/api/movies', { method: 'POST', headers: asAdmin, body });
	expect(answer.status).toBe(422);
	expect((await answer.json()) as unknown).toMatchObject({ errors: [{ field }] });
});

test.each([
	['SEVEN', ['Seven Samurai']],
	['amÉLIE', ['Le Fabuleux Destin d’Amélie Poulain']],
	['modern times', ['Modern Times']],
	['', first],
	['nothing like it', []],
])('a search for "%s" finds the movies whose title contains it, in any case', async (title, found) => {
	const { fetch } = await serveMovies();
	expect(await titles(await fetch(`/api/movies?${new URLSearchParams({ title })}`))).toEqual(found);
});

test.each(['100%', 'a_b', '\\', `'; drop table movies; --`])('a search for %s takes it literally', async (title) => {
	const { fetch } = await serveMovies();
	const search = `/api/movies?${new URLSearchParams({ title })}`;
	expect(await titles(await fetch(search))).toEqual([]);
	await fetch('/api/movies', { method: 'POST', headers: asAdmin, body: { title: `The ${title} of it` } });
	expect(await titles(await fetch(search))).toEqual([`The ${title} of it`]);
});

test('returns search results in pages linked to each other', async () => {
	const { fetch } = await serveMovies();
	const found: string[] = [];
	let next: string | undefined = '/api/movies?title=s&limit=2';
	while (next) {
		const answer: Response = await fetch(next);
		const page = await titles(answer);
		expect(page.length).toBeLessThanOrEqual(2);
		found.push(...page);
		next = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
	}
	expect(found).toEqual(first);
});

test.each([
	[
		'sort=title',
		['Le Fabuleux Destin d’Amélie Poulain', 'Metropolis', 'Modern Times', 'Seven Samurai', 'Spirited Away'],
	],
	['sort=-added&title=s', first.toReversed()],
])('sorts the movies of "%s", in pages', async (query, sorted) => {
	const { fetch } = await serveMovies();
	const page = async (path: string): Promise<string[]> => {
		const answer = await fetch(path);
		const next = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
		return [...(await titles(answer)), ...(next ? await page(next) : [])];
	};
	expect(await page(`/api/movies?limit=2&${query}`)).toEqual(sorted);
	const wrong = await fetch('/api/movies?sort=director');
	expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('query.sort')]);
});
