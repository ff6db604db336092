import { implement } from '../../kit/http/http.ts';
import { Problem } from '../../kit/http/problem.ts';
import { api } from './api.ts';

const newest = 'select word from words where chosen_at is not null order by chosen_at desc limit 1';

export const operations = implement(api, {
	async getWord(_input, { db }) {
		const [chosen] = (await db.query<{ word: string }>(newest)).rows;
		if (!chosen) throw new Problem(404, 'No word is chosen yet; the first one is chosen at midnight (UTC).');
		return chosen;
	},
});
