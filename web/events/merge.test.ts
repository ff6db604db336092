import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { merge, upToHere } from './merge.ts';
import { eventOf } from './testing.ts';

const ids = (events: readonly LoggedEvent[]): string[] => events.map(({ id }) => id);
const rows = ['5', '4', '3'].map((id) => eventOf(id));
const live = (...events: LoggedEvent[]) => new Map(events.map((event) => [event.id, event]));

test('merges live events into the list, newest first, replacing older versions', () => {
	const changed = eventOf('4', { relays: 1 });
	const all = merge(rows, live(eventOf('6'), changed));
	expect(ids(all)).toEqual(['6', '5', '4', '3']);
	expect(all[2]).toBe(changed);
	// An unchanged event stays the same object, so it does not render again.
	expect(all[1]).toBe(rows[0]);
});

test('leaves out events older than the last row while the log has more rows', () => {
	expect(ids(merge(rows, live(eventOf('1'), eventOf('6')), true))).toEqual(['6', '5', '4', '3']);
	expect(ids(merge(rows, live(eventOf('1'))))).toEqual(['5', '4', '3', '1']);
	expect(ids(merge([], live(eventOf('1')), true))).toEqual(['1']);
});

test('holds back events newer than a given id', () => {
	expect(ids(upToHere(rows, '4'))).toEqual(['4', '3']);
	expect(ids(upToHere(rows, ''))).toEqual([]);
	expect(upToHere(rows, undefined)).toBe(rows);
});
