import type { Request } from '../../api/send.ts';

/** Enough that a core is busy with it for some milliseconds. */
const values = Array.from({ length: 20_000 }, (_, index) => (index * 7919) % 1000);
const factors = Array.from({ length: 1000 }, (_, index) => `1.${index + 1}`);

const get = (path: string): Request => ({ method: 'GET', path });

/** What a function is asked for to put it under load: its cheapest answer, or for one that computes something to compute. */
const workloads: Readonly<Record<string, Request>> = {
	books: get('/api/books?limit=1'),
	calc: { method: 'POST', path: '/api/calc/multiply', body: { numbers: factors } },
	'event-log': get('/api/events?limit=1'),
	info: get('/api/functions'),
	movies: get('/api/movies?limit=1'),
	orders: get('/api/orders?limit=1'),
	reference: get('/api/docs'),
	stats: { method: 'POST', path: '/api/stats/summary', body: { values } },
	todo: get('/api/todo?limit=1'),
	users: get('/api/users/jwks'),
};

/**
 * The request that a load is made of. A function that answers nothing to a stranger, or would ask somebody else's server,
 * is asked what is possible at its path: every function answers that by itself.
 */
export const workloadOf = (name: string, path: string): Request => workloads[name] ?? { method: 'OPTIONS', path };
