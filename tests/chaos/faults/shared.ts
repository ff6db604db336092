import { functions } from '../../../functions/index.ts';
import type { Account } from '../account.ts';
import type { Visitor } from '../visitor.ts';
import { requests } from './effect.ts';
import type { FaultKind } from './fault.ts';

const consumers = functions.filter(({ reacts }) => reacts.length).map(({ name }) => name);
/** The number of parallel requests: more than one client is allowed. */
const many = 300;

/** The faults that a client causes over HTTP, in any place. */
export const sharedFaults = (admin: Account, crowd: Visitor): FaultKind[] => [
	{
		name: 'drill',
		victims: consumers,
		lasts: [3, 15],
		recovery: 5,
		effect: (fn) => ({ http: [], events: [fn] }),
		begin: async (fn) => {
			const path = `/api/drills/${fn}`;
			await admin.authorize();
			await admin.ask('PUT', path, { body: { minutes: 1 } });
			// Ended in any case, because a drill without an answer can have begun.
			const mend = async (): Promise<void> => {
				await admin.authorize();
				const { status = 500 } = await admin.ask('DELETE', path, { right: [200, 404] });
				if (status >= 500) throw new Error(`ending the drill was answered ${status}`);
			};
			return { mend };
		},
	},
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
