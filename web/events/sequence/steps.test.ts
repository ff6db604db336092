import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import { deliveryTo, eventOf, saga } from '../testing.ts';
import { type Step, stepsOf } from './steps.ts';

const nine = Date.UTC(2026, 0, 5, 9);
/** Formats steps like `billing failed b +20`: function, kind, event, milliseconds. */
const told = (events: readonly LoggedEvent[]): string[] =>
	stepsOf(events).map(({ function: fn, kind, event, at }: Step) =>
		[fn, kind, event, ...(at === undefined ? [] : [`+${at - nine}`])].join(' '),
	);

test('places events emitted by a handler after the end of its handling', () => {
	const wanted = [
		'orders published a +0',
		'books received a +200',
		'books handled a +220',
		'books published b +220',
		'billing received b +400',
		'billing handled b +430',
		'billing published c +430',
		'orders received c +500',
		'orders handled c +510',
	];
	expect(told(saga)).toEqual(wanted);
	expect(told(saga.toReversed())).toEqual(wanted);
	expect(stepsOf(saga).flatMap(({ took }) => (took === undefined ? [] : [took]))).toEqual([220, 210, 80]);
});

test('shows equal failed attempts as one step at the time of the last', () => {
	const delivery = deliveryTo('billing', { failed: [20, 500], attempts: 25, received: 900, handled: 950 });
	const failures = delivery.failures.map((failure) => ({
		...failure,
		times: 12,
		first_at: delivery.failures[0]?.at ?? '',
	}));
	const steps = stepsOf([eventOf('a', { deliveries: [{ ...delivery, failures }] })]);
	expect(steps.map(({ kind, at = 0, since, times, error }) => [kind, at - nine, since, times, error])).toEqual([
		['published', 0, undefined, undefined, undefined],
		['failed', 20, nine + 20, 12, 'fault 1'],
		['failed', 500, nine + 20, 12, 'fault 2'],
		['received', 900, undefined, undefined, undefined],
		['handled', 950, undefined, undefined, undefined],
	]);
	expect(steps.map(({ attempt }) => attempt)).toEqual([undefined, 1, 2, 25, undefined]);
});

test.each([
	['pending', 'waiting'],
	['failing', 'waiting'],
	['dead', 'dead'],
	['discarded', 'discarded'],
] as const)('puts a %s delivery last, as a %s step', (status, kind) => {
	const deliveries = [
		deliveryTo('billing', { failed: [20], status }),
		deliveryTo('other', { received: 30, handled: 40 }),
	];
	expect(told([eventOf('a', { deliveries, relays: 2 })])).toEqual([
		'orders published a +0',
		'billing failed a +20',
		'other received a +30',
		'other handled a +40',
		`billing ${kind} a`,
	]);
	expect(stepsOf([eventOf('a', { deliveries, relays: 2 })])[0]?.relays).toBe(2);
});
