import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';

export const api = contract('/api/daily-word', {
	getWord: {
		method: 'GET',
		path: '/',
		summary: 'Returns the word of the day',
		returns: z.object({ word: z.string() }).meta({ examples: [{ word: 'lantern' }] }),
		problems: [404],
	},
});
