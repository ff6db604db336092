import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { BrokerProcess } from '../local/broker-process.ts';
import { freePort, listenAnywhere } from '../local/free-port.ts';
import { load } from './load.ts';
import { type Row, ratioRow } from './row.ts';

/** Of each round. The first one compiles the code of both; with 2,000 events, the later rounds would still compile it. */
const events = 10_000;
const atOnce = 50;

/** Measures events per second through the broker, compared with the same requests to the subscriber directly. */
export async function brokerThroughput(): Promise<Row[]> {
	const subscriber = createServer((req, res) => req.resume().on('end', () => res.writeHead(204).end()));
	const direct = await listenAnywhere(subscriber);
	const folder = mkdtempSync(join(tmpdir(), 'bodega-bench-'));
	const port = await freePort();
	const broker = new BrokerProcess(writeManifests(folder, direct), port, () => {});
	await broker.start();
	const through: number[] = [];
	const past: number[] = [];
	for (let round = -1; round < 5; round += 1) {
		const a = await rate(`http://127.0.0.1:${port}`, '/bench/default');
		const b = await rate(direct, '/');
		if (round < 0) continue;
		through.push(a);
		past.push(b);
	}
	await broker.stop();
	subscriber.closeAllConnections();
	subscriber.close();
	rmSync(folder, { recursive: true });
	const beside = { name: 'the same requests without it', values: past };
	return [ratioRow('events through the local broker', through, beside, { unit: '/s', goal: { least: 0.5 } })];
}

function writeManifests(folder: string, subscriber: string): string {
	const file = join(folder, 'triggers.yaml');
	const metadata = (name: string): string => `{ name: ${name}, namespace: bench }`;
	writeFileSync(
		file,
		`{ apiVersion: eventing.knative.dev/v1, kind: Broker, metadata: ${metadata('default')} }
---
{ apiVersion: eventing.knative.dev/v1, kind: Trigger, metadata: ${metadata('all')}, spec: { broker: default, subscriber: { uri: '${subscriber}' } } }
`,
	);
	return file;
}

async function rate(origin: string, path: string): Promise<number> {
	const pool = new Pool(origin, { connections: atOnce });
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
