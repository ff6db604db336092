import { expect, test } from 'vitest';
import { eventOf, saga } from '../testing.ts';
import { type Branch, consequencesOf } from './consequences.ts';

type Tree = { readonly [id: string]: Tree };
const treeOf = (branches: readonly Branch[]): Tree =>
	Object.fromEntries(branches.map(({ event, followed }) => [event.id, treeOf(followed)]));

test('returns the events caused by an event as a tree in chronological order', () => {
	const events = [eventOf('d', { cause: 'a' }), ...saga];
	expect(treeOf(consequencesOf(events, 'a'))).toEqual({ b: { c: {} }, d: {} });
	expect(Object.keys(treeOf(consequencesOf(events, 'a')))).toEqual(['b', 'd']);
	expect(consequencesOf(events, 'c')).toEqual([]);
});
