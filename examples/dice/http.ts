import { randomInt } from 'node:crypto';
import { implement } from '../../kit/http/http.ts';
import { api } from './api.ts';

export const operations = implement(api, {
	roll: ({ query: { count } }) => ({ rolled: Array.from({ length: count }, () => randomInt(1, 7)) }),
});
