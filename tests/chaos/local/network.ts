import { ofDatabase } from '../faults/effect.ts';
import type { FaultKind, Hit } from '../faults/fault.ts';
import type { Mode, PostgresProxy } from './proxy.ts';

/** Breaks the network between the functions and Postgres. */
export function networkFaults(proxy: PostgresProxy): FaultKind[] {
	const database = { victims: [], effect: () => ofDatabase };
	const hit: Hit = { mend: async () => proxy.mend() };
	const mode = (name: string, wanted: Mode, lasts: FaultKind['lasts']): FaultKind => ({
		...database,
		name,
		lasts,
		recovery: 15,
		begin: async () => {
			proxy.mode = wanted;
			return hit;
		},
	});
	return [
		{
			...database,
			name: 'cut database connections',
			lasts: [0, 0],
			recovery: 10,
			begin: async () => {
				proxy.cut();
				return {};
			},
		},
		{
			...database,
			name: 'silence the database',
			lasts: [1, 8],
			recovery: 15,
			begin: async () => {
				proxy.silence();
				return hit;
			},
		},
		{
			...database,
			// The functions have to notice by themselves, so it lasts longer than their time-outs.
			name: 'forget database connections',
			lasts: [25, 35],
			recovery: 15,
			begin: async () => {
				proxy.forget();
				return hit;
			},
		},
		mode('refuse database connections', 'refuse', [1, 8]),
		mode('lose answers to COMMIT', 'lose commits', [1, 4]),
		mode('end database connections when ready', 'end when ready', [1, 4]),
	];
}
