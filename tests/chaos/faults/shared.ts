import { attributeOf } from '../../../eventing/catalog/catalog.ts';
import { functions } from '../../../functions/index.ts';
import type { Account } from '../account.ts';
import type { Visitor } from '../visitor.ts';
import { type Effect, ofFunction, requests } from './effect.ts';
import type { FaultKind } from './fault.ts';

const consumers = functions.filter(({ reacts }) => reacts.length).map(({ name }) => name);
/** The number of parallel requests: more than one client is allowed. */
const many = 300;

/** The drills of a function: the name of the fault, its effect, and the input. */
const drills: readonly (readonly [name: string, effect: (fn: string) => Effect, input: (fn: string) => object])[] = [
	['drill', ofEvents, () => ({ kind: 'outage' })],
	// Handlings that share a transaction hold each other's locks for longer, and requests can wait for these.
	['slow drill', ofFunction, () => ({ kind: 'latency', milliseconds: 300 })],
	['flaky drill', ofEvents, () => ({ kind: 'failures', percent: 40 })],
	['poison drill', ofEvents, (fn) => ({ kind: 'poison', type: typesOf(fn)[0] })],
];

function ofEvents(fn: string): Effect {
	return { http: [], events: [fn] };
}

/** The types of events that a function reacts to. */
const typesOf = (fn: string): string[] => functions.find(({ name }) => name === fn)?.reacts.map(attributeOf) ?? [];

/** The faults that a client causes over HTTP, in any place. */
export const sharedFaults = (admin: Account, crowd: Visitor): FaultKind[] => [
	...drills.map(
		([name, effect, input]): FaultKind => ({
			name,
			victims: consumers,
			lasts: [3, 15],
			recovery: 5,
			effect,
			begin: async (fn) => {
				const path = `/api/drills/${fn}`;
				await admin.authorize();
				await admin.ask('PUT', path, { body: { ...input(fn), minutes: 1 } });
				// Ended in any case, because a drill without an answer can have begun.
				const mend = async (): Promise<void> => {
					await admin.authorize();
					const { status = 500 } = await admin.ask('DELETE', path, { right: [200, 404] });
					if (status >= 500) throw new Error(`ending the drill was answered ${status}`);
				};
				return { mend };
			},
		}),
	),
	{
		name: 'crowd',
		victims: [],
		lasts: [0, 0],
		recovery: 5,
		effect: () => requests,
		begin: async () => {
			const right = [200, 429];
			await Promise.all(Array.from({ length: many }, () => crowd.ask('GET', '/api/events?limit=1', { right })));
			return {};
		},
	},
];
