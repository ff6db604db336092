import pg, { type ClientBase } from 'pg';
import { isBusy } from '../locks.ts';
import { connected, ownerRoleOf } from '../roles.ts';
import type { Archive } from './archive.ts';
import { createComing, idFrom, list, timeIn } from './partitions.ts';
import { drop, listAside, mostMoved, type SetAside, setAside, setRestAside } from './removal.ts';

const day = 24 * 3600 * 1000;

interface Retention {
	/** The URL of the role `retention`, or of the database's owner. */
	readonly url: string;
	readonly days: number;
	/** Stores what is removed. By default nothing does. */
	readonly archive?: Archive | undefined;
	readonly log?: (line: string) => void;
}

/**
 * Creates the partitions of the coming weeks and removes from the log what is older than `days`: at most one partition a day. So a
 * clock that jumps ahead does not empty the log before somebody sees it. Safe to repeat after it was killed, and to run twice.
 * @throws {Error} when an archive fails; the next run tries again, and nothing more is removed before
 */
export async function retain({ url, days, archive, log = () => {} }: Retention): Promise<void> {
	await connected(url, 'bodega retention', async (db) => {
		await actAsOwner(db);
		const isAlone = await alone(url, async () => {
			await createComing(db, days);
			const finish = async (): Promise<void> => {
				for (const aside of await listAside(db)) log(await finished(db, aside, archive));
			};
			// An earlier run was killed, or its archive failed.
			await finish();
			const before = idFrom((await timeIn(db)) - days * day);
			for (const partition of await due(db, before)) {
				if (await setAside(db, partition)) break;
				log(`${partition.events} stays: more than ${mostMoved} of its events are not settled`);
			}
			await finish();
			while (await setRestAside(db, before)) await finish();
			await finish();
		});
		if (!isAlone) log('another run is under way');
	});
}

const actAsOwner = (db: ClientBase): Promise<unknown> =>
	db.query(`set role ${pg.escapeIdentifier(ownerRoleOf('eventing'))}`);

/** Runs `work` unless another run is under way. The lock is one that only the schema's owner can take. */
async function alone(url: string, work: () => Promise<void>): Promise<boolean> {
	return await connected(url, 'bodega retention lock', async (holder) => {
		await actAsOwner(holder);
		try {
			await holder.query('begin; lock table eventing.removals in share update exclusive mode nowait');
		} catch (error) {
			if (isBusy(error)) return false;
			throw error;
		}
		await work();
		return true;
	});
}

/** Returns the partitions all of whose events are older, oldest first. None if one was removed today already. */
async function due(db: ClientBase, before: string) {
	// Not a whole day, because runs do not begin to the second. A time ahead was stored before the clock was set back.
	const { rowCount: wasToday } = await db.query(
		`select from eventing.removals where at between now() - interval '20 hours' and now()`,
	);
	return wasToday ? [] : (await list(db)).filter(({ to }) => to <= before);
}

/** Archives and drops the tables of a removal. Returns a line for the operator. */
async function finished(db: ClientBase, aside: SetAside, archive: Archive | undefined): Promise<string> {
	const { rows } = await db.query<{ count: number; from: string | null; to: string | null }>(
		`select count(*)::int as count, min(time) as from, max(time) as to from ${aside.events}`,
	);
	const { count = 0, from, to } = rows[0] ?? {};
	if (from && to && archive) await archive(db, { ...aside, from: new Date(from), to: new Date(to) });
	await drop(db, aside);
	return `removed ${count} events${from && to ? ` from ${new Date(from).toISOString()} to ${new Date(to).toISOString()}` : ''}`;
}
