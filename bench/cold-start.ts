import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dist } from '../build/esbuild.ts';
import { functions } from '../functions/index.ts';
import { routesOf } from '../kit/declare/declare.ts';
import { guard } from '../kit/process/guard.ts';
import { freePort } from '../local/free-port.ts';
import { planServices } from '../local/plan.ts';
import { median, type Row } from './table.ts';

/** Each figure is the median of these. Every variant runs once per round, so that a slow moment affects all. */
const rounds = 15;

/** The lower bound of a cold start: node:http alone. */
const bare = `require('node:http').createServer((q, s) => s.end('{}')).listen(process.env.PORT, '127.0.0.1')`;

/** Measures the time from the start of a function's process to its first response, compared with bare `node:http`. */
export async function coldStart(): Promise<Row[]> {
	const cache = mkdtempSync(join(tmpdir(), 'bodega-bench-'));
	const owner = { url: 'postgresql://bench:bench@127.0.0.1:9/bench', secret: 'bench' };
	const secrets = { owner, extra: { NODE_COMPILE_CACHE: cache } };
	const plans = planServices(functions, { url: () => 'http://127.0.0.1:9', sink: 'http://127.0.0.1:9/' }, secrets);
	const variants = [
		{ name: 'bare node:http', args: ['-e', bare], env: {}, path: '/', goal: '' },
		...plans.map(({ target: { name, declaration }, env }) => ({
			name,
			args: [join(dist, declaration.name, 'function.cjs')],
			env: { ...env, RUNNER_URL: 'http://127.0.0.1:9' },
			path: routesOf(declaration)[0] ?? '/',
			goal: declaration.data ? '≤ 2.3x' : '≤ 2.0x',
		})),
	];
	const times = new Map<string, number[]>(variants.map(({ name }) => [name, []]));
	// Two warm-up rounds fill the compile cache, as the build of an image does.
	for (let round = -2; round < rounds; round += 1)
		for (const { name, args, env, path } of variants) {
			const time = await firstAnswer(args, env, path);
			if (round >= 0) times.get(name)?.push(time);
		}
	rmSync(cache, { recursive: true });
	const base = times.get('bare node:http') ?? [];
	return variants.map(({ name, goal }) => {
		const own = times.get(name) ?? [];
		const ratios = own.map((time, round) => time / (base[round] ?? time));
		return {
			what: `cold start: ${name}`,
			value: `${median(own).toFixed(0)} ms`,
			ratio: `${median(ratios).toFixed(2)}x bare`,
			goal,
		};
	});
}

/**
 * Returns the milliseconds from spawning the process to its first response. The request passes through the framework
 * but needs no database.
 */
async function firstAnswer(args: readonly string[], env: Record<string, string>, path: string): Promise<number> {
	const port = await freePort();
	const start = performance.now();
	const measured = spawn(process.execPath, args, {
		env: { ...env, HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'ERROR' },
		stdio: 'ignore',
	});
	const child = guard(measured);
	const exit = once(child, 'exit');
	for (;;) {
		const answered = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'OPTIONS' }).then(
			(answer) => answer.text(),
			() => undefined,
		);
		if (answered !== undefined) break;
		if (child.exitCode !== null) throw new Error(`${args.at(-1)} exited with code ${child.exitCode}`);
		await new Promise((resolve) => setTimeout(resolve, 1));
	}
	const time = performance.now() - start;
	child.kill('SIGTERM'); // A clean exit writes the compile cache.
	await exit;
	return time;
}
