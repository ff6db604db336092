import type { Context } from '../../kit/serve/context.ts';

/** Chooses the word that was chosen the longest ago. */
export async function onSchedule({ db }: Context): Promise<void> {
	await db.query(
		`update words set chosen_at = now()
		 where word = (select word from words order by chosen_at nulls first, word limit 1)`,
	);
}
