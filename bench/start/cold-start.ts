import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dist } from '../../build/esbuild.ts';
import { functions } from '../../functions/index.ts';
import { routesOf } from '../../kit/declare/declare.ts';
import { allocation, nodeOptions } from '../../kit/process/node-options.ts';
import { planServices } from '../../local/plan.ts';
import { startProcess } from '../process.ts';
import { type Goal, type Row, ratioRow } from '../row.ts';

/** Every variant runs once per round, so that a slow moment affects all. */
const rounds = 15;

/** The lower bound of a cold start and of memory: node:http alone. */
export const bare = `require('node:http').createServer((q, s) => s.end('{}')).listen(process.env.PORT, process.env.HOST)`;

/** Measures the time from the start of a function's process to its first answer, beside bare `node:http`. */
export async function coldStart(): Promise<Row[]> {
	const cache = mkdtempSync(join(tmpdir(), 'bodega-bench-'));
	const owner = { url: 'postgresql://bench:bench@127.0.0.1:9/bench', secret: 'bench' };
	const secrets = { owner, extra: {}, codeCache: cache };
	const plans = planServices(functions, { url: () => 'http://127.0.0.1:9', sink: 'http://127.0.0.1:9/' }, secrets);
	const peer = { name: 'bare node:http', args: ['-e', bare], env: {}, path: '/' };
	const variants = plans.map(({ target: { name, declaration }, env }) => ({
		name,
		args: [...nodeOptions, join(dist, declaration.name, 'start.cjs')],
		env: { ...allocation, ...env, RUNNER_URL: 'http://127.0.0.1:9' },
		path: routesOf(declaration)[0] ?? '/',
		goal: { most: declaration.data ? 1.8 : 1.6 } satisfies Goal,
	}));
	const times = new Map<string, number[]>([peer, ...variants].map(({ name }) => [name, []]));
	// Two warm-up rounds fill the code cache, as the build of an image does.
	for (let round = -2; round < rounds; round += 1)
		for (const { name, args, env, path } of [peer, ...variants]) {
			// A preflight needs no database.
			const { started, stop } = await startProcess(args, env, { path, method: 'OPTIONS' });
			await stop();
			if (round >= 0) times.get(name)?.push(started);
		}
	rmSync(cache, { recursive: true });
	const beside = { name: peer.name, values: times.get(peer.name) ?? [] };
	return variants.map(({ name, goal }) =>
		ratioRow(`cold start: ${name}`, times.get(name) ?? [], beside, { unit: 'ms', goal }),
	);
}
