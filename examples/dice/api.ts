import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';

export const api = contract('/api/dice', {
	roll: {
		method: 'GET',
		path: '/',
		summary: 'Rolls some dice',
		query: z.object({ count: z.coerce.number().int().min(1).max(10).default(1) }),
		returns: z.object({ rolled: z.array(z.int()) }).meta({ examples: [{ rolled: [3, 5] }] }),
	},
});
