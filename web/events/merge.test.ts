import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { merge, upToHere } from './merge.ts';
import { eventOf } from './testing.ts';

const ids = (events: readonly LoggedEvent[]): string[] => events.map(({ id }) => id);
const rows = ['5', '4', '3'].map((id) => eventOf(id));
const live = (...events: LoggedEvent[]) => new Map(events.map((event) => [event.id, event]));

test('what has come is put where it belongs, newest first, and as it came', () => {
	const changed = eventOf('4', { relays: 1 });
	const all = merge(rows, live(eventOf('6'), changed));
	expect(ids(all)).toEqual(['6', '5', '4', '3']);
	expect(all[2]).toBe(changed);
	// What has not changed is the same object, so it is not drawn again.
	expect(all[1]).toBe(rows[0]);
});

test('what is older than the last row is left out while the log goes on after it', () => {
	expect(ids(merge(rows, live(eventOf('1'), eventOf('6')), true))).toEqual(['6', '5', '4', '3']);
	expect(ids(merge(rows, live(eventOf('1'))))).toEqual(['5', '4', '3', '1']);
	expect(ids(merge([], live(eventOf('1')), true))).toEqual(['1']);
});

test('what is newer than a mark is held back', () => {
	expect(ids(upToHere(rows, '4'))).toEqual(['4', '3']);
	expect(ids(upToHere(rows, ''))).toEqual([]);
	expect(upToHere(rows, undefined)).toBe(rows);
});
