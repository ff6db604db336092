import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { hasStatus } from './filter.ts';
import { merge, upToHere } from './merge.ts';
import { deliveryTo, eventOf } from './testing.ts';

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

test('holds back events newer than a given id, unless events of the same cause are shown', () => {
	const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
	const newer = [eventOf('7', { traceparent }), eventOf('6'), ...rows];
	expect(ids(upToHere(newer, '4'))).toEqual(['6', '5', '4', '3']);
	expect(ids(upToHere(newer, ''))).toEqual([]);
	expect(upToHere(rows, undefined)).toBe(rows);
});

test('finds the events with a delivery of a status, to a function if one is given', () => {
	const event = eventOf('1', { deliveries: [deliveryTo('books', { status: 'dead' }), deliveryTo('billing')] });
	expect(
		[{}, { status: 'dead' }, { status: 'dead', function: 'books' }].map((each) => hasStatus(each as object, event)),
	).toEqual([true, true, true]);
	expect(hasStatus({ status: 'handled' }, event)).toBe(false);
	expect(hasStatus({ status: 'dead', function: 'billing' }, event)).toBe(false);
});
