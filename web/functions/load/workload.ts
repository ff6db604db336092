import type { Request } from '../../api/send.ts';

const get = (path: string): Request => ({ method: 'GET', path });

/**
 * The load test request of each function: its cheapest read, or, for functions that compute, work that keeps a core busy
 * for some milliseconds.
 */
const workloads: Readonly<Record<string, Request>> = {
	books: get('/api/books?limit=1'),
	calc: {
		method: 'POST',
		path: '/api/calc/multiply',
		body: { numbers: Array.from({ length: 1000 }, (_, index) => `1.${index + 1}`) },
	},
	'event-log': get('/api/events?limit=1'),
	info: get('/api/functions'),
	movies: get('/api/movies?limit=1'),
	orders: get('/api/orders?limit=1'),
	reference: get('/api/docs'),
	stats: {
		method: 'POST',
		path: '/api/stats/summary',
		body: { values: Array.from({ length: 20_000 }, (_, index) => (index * 7919) % 1000) },
	},
	todo: get('/api/todo?limit=1'),
	users: get('/api/users/jwks'),
};

/** Functions that need a sign-in, or call an external server, get an OPTIONS request, which each answers by itself. */
export const workloadOf = (name: string, path: string): Request => workloads[name] ?? { method: 'OPTIONS', path };
