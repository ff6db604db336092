import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { buildAll } from '../build.ts';
import { openLaptop } from '../tests/acceptance/setup/laptop.ts';
import { brokerThroughput } from './broker.ts';
import { coldStart } from './cold-start.ts';
import { gatewayCost } from './gateway.ts';
import { orders } from './orders.ts';
import { pageLoad } from './page.ts';
import { type Row, table } from './table.ts';
import { throughput } from './throughput.ts';
import { warmStart } from './warm-start.ts';

/** Measures everything, one after the other so that nothing disturbs another, and writes `bench/results.md`. */
export async function measure(): Promise<void> {
	await buildAll();
	const rows: Row[] = [];
	const add = (more: Row[]): void => {
		rows.push(...more);
		for (const { what, value, ratio } of more) process.stdout.write(`${what}: ${value} ${ratio}\n`);
	};
	add(await coldStart());
	add(await warmStart());
	add(await brokerThroughput());
	const shop = await openLaptop({ LOG_LEVEL: 'ERROR' });
	try {
		add(await pageLoad(shop.reach));
		add(await orders(shop.reach));
		add(await gatewayCost(shop.reach));
		add(await throughput(shop.reach));
	} finally {
		await shop.close();
	}
	const results = `# Figures

Made by \`npm run bench\`: ${availableParallelism()} cores (${cpus()[0]?.model}), Node ${process.versions.node}. Each figure stands beside another
that was measured in the same run, in turns with it; trust the ratios, not the milliseconds.

${table(rows)}
`;
	writeFileSync(join(import.meta.dirname, 'results.md'), results);
	process.stdout.write(`\n${table(rows)}\n`);
}
