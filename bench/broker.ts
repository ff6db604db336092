import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Pool } from 'undici';
import { load } from './load.ts';
import { median, type Row } from './table.ts';

const events = 2_000;
const atOnce = 50;

/**
 * Measures events per second from a publisher through the broker to a subscriber, compared with the same requests sent
 * to the subscriber directly.
 */
export async function brokerThroughput(): Promise<Row[]> {
	const subscriber = createServer((req, res) => req.resume().on('end', () => res.writeHead(204).end()));
	subscriber.listen(0, '127.0.0.1');
	await once(subscriber, 'listening');
	const direct = `http://127.0.0.1:${(subscriber.address() as AddressInfo).port}`;
	const { broker, url, folder } = await startBroker(direct);
	const through: number[] = [];
	const past: number[] = [];
	for (let round = -1; round < 5; round += 1) {
		const a = await rate(url, '/bench/default');
		const b = await rate(direct, '/');
		if (round < 0) continue;
		through.push(a);
		past.push(b);
	}
	await stop(broker, subscriber);
	rmSync(folder, { recursive: true });
	return [
		{
			what: 'events through the local broker',
			value: `${median(through).toFixed(0)} /s`,
			ratio: `${(median(through) / median(past)).toFixed(2)}x the same requests without it`,
			goal: '',
		},
	];
}

async function startBroker(subscriber: string): Promise<{ broker: ChildProcess; url: string; folder: string }> {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-bench-'));
	const file = join(folder, 'triggers.yaml');
	const metadata = (name: string): string => `{ name: ${name}, namespace: bench }`;
	writeFileSync(
		file,
		`{ apiVersion: eventing.knative.dev/v1, kind: Broker, metadata: ${metadata('default')} }
---
{ apiVersion: eventing.knative.dev/v1, kind: Trigger, metadata: ${metadata('all')}, spec: { broker: default, subscriber: { uri: '${subscriber}' } } }
`,
	);
	const main = join(import.meta.dirname, '..', 'eventing', 'broker', 'main.ts');
	const broker = spawn(process.execPath, [main, '--port', '0', '--file', file], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [line] = (await once(createInterface({ input: broker.stdout as Readable }), 'line')) as [string];
	return { broker, url: (JSON.parse(line) as { url: string }).url, folder };
}

async function rate(origin: string, path: string): Promise<number> {
	const pool = new Pool(new URL(origin).origin, { connections: atOnce });
	const headers = {
		'ce-specversion': '1.0',
		'ce-id': '1',
		'ce-source': '/bench',
		'ce-type': 'bench',
		'content-type': 'application/json',
	};
	const { perSecond } = await load(events, atOnce, async () => {
		const answer = await pool.request({ path, method: 'POST', headers, body: '{"n":1}' });
		await answer.body.dump();
		if (answer.statusCode >= 300) throw new Error(`the broker or subscriber returned ${answer.statusCode}`);
	});
	await pool.close();
	return perSecond;
}

async function stop(broker: ChildProcess, subscriber: Server): Promise<void> {
	const exit = once(broker, 'exit');
	broker.kill('SIGTERM');
	await exit;
	subscriber.closeAllConnections();
	subscriber.close();
}
