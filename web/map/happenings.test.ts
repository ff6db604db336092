import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { happeningsOf, troubledBy } from './happenings.ts';

type Delivery = LoggedEvent['deliveries'][number];

const delivery = (change: Partial<Delivery> = {}): Delivery => ({
	trigger: 'books-on-order-placed',
	function: 'books',
	status: 'pending',
	attempts: 0,
	failures: [],
	unlisted_failures: 0,
	retry_after: null,
	resolution: null,
	drill_until: null,
	received_at: null,
	handled_at: null,
	...change,
});
const event = (...deliveries: Delivery[]): LoggedEvent => ({
	id: '1',
	source: '/functions/orders',
	type: 'dev.bodega.order.placed',
	subject: '7',
	time: '2026-01-05T09:00:00.000Z',
	dataschema: '',
	traceparent: '',
	cause: null,
	origin: { id: '1', type: 'dev.bodega.order.placed', subject: '7' },
	relays: 0,
	relay_after: null,
	deliveries,
});
const failure = (second: number): Delivery['failures'][number] => ({
	publication: 'first',
	times: 1,
	first_at: '2026-01-05T09:00:01.000Z',
	at: `2026-01-05T09:00:0${second}.000Z`,
	error: `no. ${second}`,
});
const told = (before: LoggedEvent | undefined, now: LoggedEvent): string[] =>
	happeningsOf(before, now).map(({ what, function: name, error }) => [what, name, error].filter(Boolean).join(' '));

test('reports the publication and the later deliveries of a new event', () => {
	expect(told(undefined, event(delivery()))).toEqual(['published orders']);
	expect(told(undefined, event(delivery({ status: 'handled', attempts: 1 })))).toEqual([
		'published orders',
		'handled books',
	]);
});

test('reports nothing twice', () => {
	const handled = event(delivery({ status: 'handled', attempts: 1 }));
	expect(told(event(delivery()), handled)).toEqual(['handled books']);
	expect(told(handled, handled)).toEqual([]);
});

test('reports the last failure since the previous poll', () => {
	const once = event(delivery({ status: 'failing', attempts: 1, failures: [failure(1)] }));
	const thrice = event(delivery({ status: 'failing', attempts: 3, failures: [1, 2, 3].map(failure) }));
	const dead = event(delivery({ status: 'dead', attempts: 3, failures: [1, 2, 3].map(failure) }));
	const healed = event(delivery({ status: 'handled', attempts: 5, failures: [1, 2, 3, 4].map(failure) }));
	expect(told(event(delivery()), once)).toEqual(['failed books no. 1']);
	expect(told(once, thrice)).toEqual(['failed books no. 3']);
	expect(told(thrice, dead)).toEqual(['given-up books']);
	expect(told(thrice, healed)).toEqual(['failed books no. 4', 'handled books']);
});

test('reports a trigger as troubled until its failed event is handled or discarded', () => {
	const troubled = (status: Delivery['status']): string[] => [...troubledBy([event(delivery({ status }))])];
	expect([troubled('failing'), troubled('dead')].flat()).toEqual(['books-on-order-placed', 'books-on-order-placed']);
	expect([troubled('pending'), troubled('handled'), troubled('discarded')].flat()).toEqual([]);
});
