import { expect, test } from 'vitest';
import { type Logged, lineOf } from './event-line.ts';

type Delivery = Logged['deliveries'][number];

const at = '2026-01-05T09:00:00.000Z';
const lineWith = (delivery: Partial<Delivery>, event: Partial<Logged> = {}): string => {
	const untried = { function: 'books', status: 'pending', attempts: 0 } as const;
	const unknown = { retry_after: null, drill_until: null, resolution: null };
	return lineOf({
		...{ time: at, type: 'dev.bodega.order.placed', subject: '7', source: '/functions/orders' },
		...{ relays: 0, relay_after: null, deliveries: [{ ...untried, ...unknown, ...delivery }], ...event },
	});
};

test.each<[Partial<Delivery>, Partial<Logged>, string]>([
	[{}, {}, 'books pending'],
	[{ attempts: 1, status: 'handled' }, {}, 'books handled'],
	[{ attempts: 3, status: 'handled' }, {}, 'books handled (3 attempts)'],
	[{ attempts: 1, status: 'failing', retry_after: at }, {}, `books failing (1 attempt, retried from ${at})`],
	[
		{ attempts: 9, status: 'failing', drill_until: at },
		{ relays: 2, relay_after: at },
		`books failing (9 attempts, relayed 2×, broken on purpose until ${at}, relayed again from ${at})`,
	],
	[{ attempts: 33, status: 'dead' }, { relays: 3 }, 'books dead (33 attempts, relayed 3×)'],
	[{ attempts: 9, status: 'discarded', resolution: 'discarded' }, {}, 'books discarded (9 attempts)'],
	[
		{ attempts: 10, status: 'handled', resolution: 'discarded' },
		{},
		'books handled (after it was discarded, 10 attempts)',
	],
])('says how a delivery stands: %j %j', (delivery, event, said) => {
	expect(lineWith(delivery, event)).toBe(`${at}  order.placed 7 from orders → ${said}`);
});
