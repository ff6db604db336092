import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dist } from '../build/esbuild.ts';
import { functions } from '../functions/index.ts';
import { allocation, nodeOptions } from '../kit/process/node-options.ts';
import { planServices } from '../local/plan.ts';
import { ownerUrl } from '../tests/acceptance/setup/laptop.ts';
import type { Reach } from '../tests/acceptance/setup/shop.ts';
import { type Running, startProcess } from './process.ts';
import { type Asked, answersPerSecond } from './requests.ts';
import { type Goal, type Row, ratioRow } from './row.ts';

const rounds = 5;
const framework = join(import.meta.dirname, '../node_modules/@google-cloud/functions-framework/build/src/main.js');
const source = join(import.meta.dirname, 'peers', 'function.cjs');

interface Pair {
	readonly name: string;
	/** The peer's function in `peers/function.cjs`. */
	readonly peer: string;
	readonly path: string;
	readonly own: Goal;
	readonly throughGateway: Goal;
}

const pairs: readonly Pair[] = [
	{
		name: 'calc',
		peer: 'add',
		path: '/api/calc/add?a=1&b=2',
		own: { least: 1.2 },
		throughGateway: { least: 0.4 },
	},
	{ name: 'books', peer: 'books', path: '/api/books', own: { least: 1.2 }, throughGateway: { least: 0.5 } },
];

/** Measures functions on their own ports and through the gateway, beside bare functions-framework. */
export async function functionThroughput(shop: Reach): Promise<Row[]> {
	const rows: Row[] = [];
	for (const pair of pairs) rows.push(...(await compare(shop, pair)));
	return rows;
}

async function compare(shop: Reach, { name, peer, path, own, throughGateway }: Pair): Promise<Row[]> {
	const bare = await startProcess([framework, `--target=${peer}`, `--source=${source}`], {
		NODE_ENV: 'production',
		DATABASE_URL: ownerUrl(shop),
	});
	const alone = await startFunction(shop, name);
	const asked: Readonly<Record<string, Asked>> = {
		bare: { url: `${bare.url}/${new URL(path, bare.url).search}` },
		alone: { url: `${alone.url}${path}` },
		gateway: { url: `${shop.url}${path}` },
	};
	const figures: Record<string, number[]> = { bare: [], alone: [], gateway: [] };
	try {
		for (let round = -1; round < rounds; round += 1)
			for (const [what, question] of Object.entries(asked)) {
				const rate = await answersPerSecond(question);
				if (round >= 0) figures[what]?.push(rate);
			}
	} finally {
		await Promise.all([bare.stop(), alone.stop()]);
	}
	const { bare: values = [], alone: direct = [], gateway = [] } = figures;
	const beside = { name: 'functions-framework', values };
	return [
		ratioRow(`${name}, on its own port`, direct, beside, { unit: '/s', goal: own }),
		ratioRow(`${name}, through the gateway`, gateway, beside, { unit: '/s', goal: throughGateway }),
	];
}

/** Starts a function's bundle with the environment that the shop gives it. */
export async function startFunction(shop: Reach, name: string): Promise<Running> {
	const secret = readFileSync(join(shop.data ?? '', 'role-secret'), 'utf8').trim();
	const plans = planServices(
		functions,
		{ url: () => 'http://127.0.0.1:9', sink: 'http://127.0.0.1:9/' },
		{ owner: { url: ownerUrl(shop), secret }, extra: {}, codeCache: join(shop.data ?? '', 'code-cache') },
	);
	const plan = plans.find((candidate) => candidate.target.name === name);
	if (!plan) throw new Error(`there is no target ${name}`);
	return await startProcess(
		[...nodeOptions, join(dist, name, 'start.cjs')],
		{ ...allocation, ...plan.env },
		{ path: '/health' },
	);
}
