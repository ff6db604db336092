import { expect, test } from 'vitest';
import type { Injected } from '../faults/fault.ts';
import type { Exchange } from '../history.ts';
import { invariants as ofAnswers } from './answers.ts';
import { type EventState, invariants as ofEvents, type SeenEvent } from './events.ts';
import { type Invariant, judge } from './invariant.ts';

/** One fault, from second 10 to 20, with five seconds to recover, of the function shelves. */
const fault: Injected = {
	...{ kind: 'kill instance', victim: 'shelves', began: 10_000, ended: 20_000, recovery: 5_000 },
	effect: { http: ['shelves'], events: ['shelves'] },
};
const violated = <State>(
	invariants: readonly Invariant<State>[],
	exchanges: readonly Exchange[],
	state: State,
): string[] =>
	// Times of events are seconds of the run.
	judge(invariants, { exchanges, faults: [fault], at: (time) => Number(time) * 1000 }, state)
		.filter(({ violations }) => violations.length)
		.map(({ claim }) => claim);

const read = (sent: number, ended: number, more: Partial<Exchange> = {}): Exchange => ({
	...{ client: 'Ada', fn: 'shelves', operation: 'listTitles', method: 'GET', path: '/api/shelves', headers: {} },
	...{ sent: sent * 1000, ended: ended * 1000, status: 200, ...more },
});
const { status: _status, ...unanswered } = read(12, 13, { error: 'other side closed' });

test('accepts answers that are right, or that a fault explains', () => {
	const exchanges = [
		read(1, 2),
		read(12, 13, { status: 503 }),
		read(9, 11, { status: 503 }),
		read(24, 25, { status: 502 }),
		read(1, 60),
		read(30, 31, { error: 'left' }),
		unanswered,
	];
	expect(violated(ofAnswers, exchanges, undefined)).toEqual([]);
});

const unexplained = 'a fault explains every failure, missing answer and broken stream';
test.each<[claim: string, exchange: Exchange]>([
	['every answer keeps the contract of its operation and is right', read(1, 2, { breach: 'found 418' })],
	[unexplained, read(8, 9, { status: 503 })],
	[unexplained, read(26, 27, { status: 503 })],
	[unexplained, read(12, 13, { status: 503, fn: 'loans' })],
	[unexplained, { ...unanswered, sent: 30_000, ended: 31_000 }],
	[unexplained, read(30, 31, { error: 'other side closed', answer: [] })],
	['no answer takes longer than 45 s without a fault', read(30, 80)],
])('finds that %s', (claim, exchange) => {
	expect(violated(ofAnswers, [exchange], undefined)).toEqual([claim]);
});

type Delivery = SeenEvent['deliveries'][number];
const delivery = (more: Partial<Delivery> = {}): Delivery => ({
	...{ trigger: 'shelves-on-loan-requested', function: 'shelves', status: 'handled', attempts: 1, failures: [] },
	...more,
});
const event = (id: string, more: Partial<SeenEvent> = {}): SeenEvent => ({
	...{ id, source: '/functions/loans', type: 'dev.bodega.loan.requested', subject: '1', time: '11', cause: null },
	deliveries: [delivery()],
	...more,
});
const effect = { source: '/functions/shelves', type: 'dev.bodega.copy.reserved', cause: '1', deliveries: [] };
const letter = (received_at: string) => ({
	...{ trigger: 'shelves-on-loan-requested', event: event('1'), error: 'no', received_at },
});

test('accepts events that were handled once, after failures that a fault explains', () => {
	const retried = delivery({ attempts: 2, failures: [{ at: '15', error: 'the database is away' }] });
	const events = [event('1', { deliveries: [retried] }), event('2', effect)];
	expect(violated(ofEvents, [], { events, letters: [letter('140')], left: [] })).toEqual([]);
});

test.each<[claim: string, state: Partial<EventState>]>([
	['every trigger has handled its events', { events: [event('1', { deliveries: [delivery({ status: 'failing' })] })] }],
	['no trigger has handled an event twice', { events: [event('2', effect), event('3', effect)] }],
	[
		'a fault explains every failed delivery',
		{ events: [event('1', { deliveries: [delivery({ failures: [{ at: '100', error: 'x' }] })] })] },
	],
	['a fault explains every dead letter', { letters: [{ ...letter('140'), trigger: 'loans-on-copy-reserved' }] }],
	['no dead letter is left after its replay', { left: [letter('140')] }],
])('finds that %s', (claim, state) => {
	expect(violated(ofEvents, [], { events: [], letters: [], left: [], ...state })).toEqual([claim]);
});
