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

test('shows equal failed attempts of one publication as one step at the time of the first', () => {
	const delivery = deliveryTo('billing', { failed: [20, 30, 500], attempts: 25, received: 900, handled: 950 });
	const [one, other, relayed] = delivery.failures.map((failure, index) => ({
		...failure,
		times: 2 ** index,
		publication: index < 2 ? 'first' : 'relay-7',
		at: new Date(nine + 600).toISOString(),
	}));
	const failures = [one, other, relayed].filter((failure) => failure !== undefined);
	const shown = (change: Partial<typeof delivery>) =>
		stepsOf([eventOf('a', { deliveries: [{ ...delivery, failures, ...change }] })]).map(
			({ kind, at = 0, attempt, failed, error }) => [kind, at - nine, failed ?? attempt, error],
		);
	const failed = (index: number, publication: string, isFirst: boolean) => ({
		...{ index, publication, isFirst, times: 2 ** index, until: nine + 600 },
	});
	const received = [
		['received', 900, 25, undefined],
		['handled', 950, undefined, undefined],
	];
	expect(shown({})).toEqual([
		['published', 0, undefined, undefined],
		['failed', 20, failed(0, 'first', true), 'fault 1'],
		['failed', 30, failed(1, 'first', false), 'fault 2'],
		['failed', 500, failed(2, 'relay', true), 'fault 3'],
		...received,
	]);
	// Earlier attempts are not listed, so the numbers of these are not known.
	expect(shown({ unlisted_failures: 1, failures: failures.slice(2) })).toEqual([
		['published', 0, undefined, undefined],
		['failed', 500, { ...failed(2, 'relay', false), index: 0 }, 'fault 3'],
		...received,
	]);
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
