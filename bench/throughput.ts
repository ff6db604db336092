import { Pool } from 'undici';
import type { Reach } from '../tests/acceptance/setup/shop.ts';
import { signInAsAdmin } from '../tests/acceptance/setup/sign-in.ts';
import { load } from './load.ts';
import { type Row, ratioRow } from './row.ts';

/** A typical request of each room. The data viewer and users need an admin. */
export const questions: Readonly<Record<string, string>> = {
	books: '/api/books',
	orders: '/api/orders?limit=10',
	billing: '/api/billing?limit=10',
	movies: '/api/movies',
	users: '/api/users/me',
	todo: '/api/todo',
	weather: '/api/weather?city=Paris',
	calc: '/api/calc/add?a=0.1&b=0.2',
	stats: '/api/stats/mean?values=1,2,3',
	info: '/api/info',
	'event-log': '/api/events?limit=10',
	data: '/api/data/tables',
	reference: '/api/openapi.json',
};

/** Returns a function that sends a GET to a room as an admin. @throws {Error} when the answer is not a 200 */
export async function asker(shop: Reach, pool: Pool): Promise<(room: string, path: string) => Promise<void>> {
	const admin = await signInAsAdmin(shop);
	return async (room, path) => {
		const headers = { host: shop.hosts[room] ?? '', ...admin };
		const answer = await pool.request({ path, method: 'GET', headers });
		await answer.body.dump();
		if (answer.statusCode !== 200) throw new Error(`${path} returned ${answer.statusCode}`);
	};
}

/** Measures the responses per second of each room on its own route, compared with its `/health`, plain HTTP. */
export async function throughput(shop: Reach): Promise<Row[]> {
	const pool = new Pool(shop.url, { connections: 20 });
	const ask = await asker(shop, pool);
	const rows: Row[] = [];
	for (const [room, question] of Object.entries(questions)) {
		const figures = { room: [] as number[], health: [] as number[] };
		for (let round = -1; round < 5; round += 1)
			for (const [what, path] of [['room', question] as const, ['health', '/health'] as const]) {
				const { perSecond } = await load(500, 20, () => ask(room, path));
				if (round >= 0) figures[what].push(perSecond);
			}
		const beside = { name: 'its /health', values: figures.health };
		rows.push(ratioRow(`throughput: ${question}`, figures.room, beside, { unit: '/s' }));
	}
	await pool.close();
	return rows;
}
