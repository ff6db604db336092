import { Pool } from 'undici';
import type { Reach } from '../tests/acceptance/setup/shop.ts';
import { load } from './load.ts';
import { median, type Row } from './table.ts';

/** Measures the cost of the gateway: reading a book through it, compared with reading it on the function's route. */
export async function gatewayCost({ url, hosts }: Reach): Promise<Row[]> {
	const pool = new Pool(url, { connections: 20 });
	const read = async (host: string): Promise<void> => {
		const answer = await pool.request({ path: '/api/books/1', method: 'GET', headers: { host } });
		await answer.body.dump();
		if (answer.statusCode !== 200) throw new Error(`the request for a book returned ${answer.statusCode}`);
	};
	const routes = { through: hosts['gateway'] ?? '', direct: hosts['books'] ?? '' };
	const latency = { through: [] as number[], direct: [] as number[] };
	const throughput = { through: [] as number[], direct: [] as number[] };
	for (let round = -1; round < 5; round += 1)
		for (const route of ['through', 'direct'] as const) {
			const alone = await load(300, 1, () => read(routes[route]));
			const many = await load(2_000, 20, () => read(routes[route]));
			if (round < 0) continue;
			latency[route].push(median(alone.times));
			throughput[route].push(many.perSecond);
		}
	await pool.close();
	const added = median(latency.through) - median(latency.direct);
	const ratio = ({ through, direct }: typeof latency): string =>
		`${(median(through) / median(direct)).toFixed(2)}x the function called directly`;
	return [
		{
			what: 'latency the gateway adds',
			value: `${added.toFixed(2)} ms`,
			ratio: ratio(latency),
		},
		{
			what: 'throughput through the gateway',
			value: `${median(throughput.through).toFixed(0)} /s`,
			ratio: ratio(throughput),
		},
	];
}
