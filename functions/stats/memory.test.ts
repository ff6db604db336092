import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stop } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { buildFunction } from '../../build.ts';
import { memoryOf } from '../../k8s/manifests/serving/knative-service.ts';
import stats from './function.ts';

// Only Linux tells the peak of another process.
test.runIf(process.platform === 'linux')('twenty parallel bodies of 25 MB stay below the memory limit', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-memory-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const bundle = join(folder, 'function.cjs');
	await buildFunction('functions/stats', bundle);
	await stop();
	const child = spawn(process.execPath, [bundle], {
		env: { HOST: '127.0.0.1', PORT: '0', FUNCTION_TARGET: 'stats' },
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	const [{ port }] = (await once(child, 'message')) as [{ port: number }];
	const values = Array.from({ length: 1_000_000 }, (_, index) => -(1 + index / 1e7 + 1e-16) * 1e-100);
	const body = JSON.stringify({ values }).padEnd(25_000_000);
	const headers = { 'content-type': 'application/json' };
	const answers = await Promise.all(
		Array.from({ length: 20 }, async () => {
			const answer = await fetch(`http://127.0.0.1:${port}/api/stats/mean`, { method: 'POST', headers, body });
			await answer.text();
			return { status: answer.status, retry: answer.headers.get('retry-after') };
		}),
	);
	expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
	for (const { status, retry } of answers)
		expect([200, '503 5']).toContain(status === 200 ? status : `${status} ${retry}`);
	const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
	expect(peak).toBeLessThan(memoryOf(stats));
});
