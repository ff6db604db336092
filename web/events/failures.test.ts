import { expect, test } from 'vitest';
import { type Failure, lastOf, publicationsOf } from './failures.ts';

const failure = (publication: string | null, error: string, at: string): Failure => ({
	publication,
	error,
	times: 2,
	first_at: '2026-01-05T09:00:00.000Z',
	at: `2026-01-05T09:00:${at}.000Z`,
});
const failures = [
	failure(null, 'a', '01'),
	failure('first', 'a', '09'),
	failure('relay-7', 'b', '08'),
	failure('first', 'b', '03'),
];

test('groups failures by publication, and finds the last by its time', () => {
	expect(publicationsOf(failures).map(([name, own]) => [name, own.map(({ error }) => error)])).toEqual([
		[null, ['a']],
		['first', ['a', 'b']],
		['relay-7', ['b']],
	]);
	expect(lastOf(failures)).toBe(failures[1]);
	expect(lastOf([])).toBeUndefined();
});
