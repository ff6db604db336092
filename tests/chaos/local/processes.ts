import { signal, treeOf } from '../../run/processes.ts';
import { awakeFrom, everything, nothing, ofDatabase, ofTarget, services } from '../faults/effect.ts';
import { chosen, type FaultKind, type Hit } from '../faults/fault.ts';
import { pause } from '../pause.ts';
import type { LocalShop } from './shop.ts';

/** Stops processes, and lets them go on in the end. */
function freeze(pids: readonly number[], hit: Hit = {}): Hit {
	signal(pids, 'SIGSTOP');
	return { ...hit, mend: async () => signal(pids, 'SIGCONT') };
}

/** Kills and stops processes of a shop on this machine. All are descendants of the shop's own process. */
export function processFaults(shop: LocalShop): FaultKind[] {
	const pids = () => shop.control<{ broker?: number; functions: Record<string, number[]> }>('GET', '/processes');
	/** Finds an instance of a Service, or of the next one that is not at zero. */
	const instance = async (target: string, pick: number) => {
		const { functions } = await pids();
		const victim = awakeFrom(target, (name) => Boolean(functions[name]?.length)) ?? target;
		const pid = chosen(functions[victim] ?? [], pick);
		return pid === undefined ? undefined : { pid, victim };
	};
	const postgres = () => treeOf(shop.postmaster).map(({ pid }) => pid);
	const killPostmaster = (): number => {
		const pid = shop.postmaster;
		signal([pid], 'SIGKILL');
		return pid;
	};
	return [
		{
			name: 'kill instance',
			victims: services,
			lasts: [0, 0],
			recovery: 10,
			effect: ofTarget,
			begin: async (target, pick) => {
				const found = await instance(target, pick);
				if (found) signal([found.pid], 'SIGKILL');
				return found && { victim: found.victim };
			},
		},
		{
			name: 'freeze instance',
			victims: services,
			lasts: [1, 6],
			recovery: 10,
			effect: ofTarget,
			begin: async (target, pick) => {
				const found = await instance(target, pick);
				return found && freeze([found.pid], { victim: found.victim });
			},
		},
		{
			name: 'kill broker',
			victims: [],
			lasts: [0, 0],
			recovery: 0,
			effect: () => nothing,
			begin: async () => {
				const { broker } = await pids();
				if (broker === undefined) return undefined;
				signal([broker], 'SIGKILL');
				return {};
			},
		},
		{
			name: 'freeze broker',
			victims: [],
			lasts: [1, 6],
			recovery: 0,
			effect: () => nothing,
			begin: async () => {
				const { broker } = await pids();
				return broker === undefined ? undefined : freeze([broker]);
			},
		},
		{
			name: 'kill Postgres',
			victims: [],
			lasts: [0, 0],
			recovery: 20,
			effect: () => ofDatabase,
			begin: async () => {
				killPostmaster();
				return {};
			},
		},
		{
			name: 'kill Postgres and its successor',
			victims: [],
			lasts: [0, 0],
			recovery: 30,
			effect: () => ofDatabase,
			begin: async () => {
				const first = killPostmaster();
				for (const end = performance.now() + 20_000; performance.now() < end; await pause(0.02))
					if (isAnother(shop, first)) break;
				killPostmaster();
				return {};
			},
		},
		{
			name: 'kill backend',
			victims: [],
			lasts: [0, 0],
			recovery: 15,
			effect: () => ofDatabase,
			begin: async (_victim, pick) => {
				const backend = chosen(
					treeOf(shop.postmaster).filter(({ command }) => /^postgres: .*bodega_/.test(command)),
					pick,
				);
				if (!backend) return undefined;
				signal([backend.pid], 'SIGKILL');
				return {};
			},
		},
		{
			name: 'freeze Postgres',
			victims: [],
			lasts: [1, 8],
			recovery: 15,
			effect: () => ofDatabase,
			begin: async () => freeze(postgres()),
		},
	];
}

/** Kills the whole shop, and opens it again. @param connect leads the functions of the new shop to their database */
export const shopFault = (shop: LocalShop, connect: () => Promise<void>): FaultKind => ({
	name: 'kill the shop',
	victims: [],
	lasts: [0, 0],
	recovery: 15,
	effect: () => everything,
	begin: async () => {
		shop.kill();
		return {
			mend: async () => {
				await shop.reopen();
				await connect();
			},
		};
	},
});

/** Whether another Postgres has written its process id. */
function isAnother(shop: LocalShop, pid: number): boolean {
	try {
		return shop.postmaster !== pid;
	} catch {
		return false; // Between two of them there is no file.
	}
}
