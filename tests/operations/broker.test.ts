import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, test } from 'vitest';
import { cases } from '../../eventing/broker/table/cases.ts';
import { expectOutcome, manifests, type Outcome, runTable } from '../../eventing/broker/table/run.ts';

// The same table as eventing/broker/table/table.test.ts, against Knative's default broker. The namespace has a new name each
// time, because the in-memory channel can keep subscriptions of a deleted one.
const namespace = `bodega-broker-${Date.now().toString(36)}`;
const program = readFileSync(join(import.meta.dirname, '../../eventing/broker/table/receiver.ts'), 'utf8');
const metadata = { name: 'receiver', namespace, labels: { app: 'receiver' } };
const container = {
	name: 'receiver',
	image: 'node:24-slim',
	command: ['node', '/app/receiver.ts'],
	readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 },
	volumeMounts: [{ name: 'app', mountPath: '/app' }],
};
const receiver = [
	{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
	{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'receiver.ts': program } },
	{
		apiVersion: 'v1',
		kind: 'Pod',
		metadata,
		spec: { containers: [container], volumes: [{ name: 'app', configMap: { name: 'receiver' } }] },
	},
	{ apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: 'receiver' }, ports: [{ port: 8080 }] } },
];

const kubectl = (args: readonly string[], input?: string): string =>
	execFileSync('kubectl', args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'] });

const forwards: ChildProcess[] = [];
/** Forwards a local port to a Service, and returns its address. */
async function forward(service: string, of: string, port: number): Promise<string> {
	const child = spawn('kubectl', ['port-forward', '-n', of, `service/${service}`, `:${port}`]);
	forwards.push(child);
	const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
	return `http://${/127\.0\.0\.1:\d+/.exec(line)?.[0]}`;
}

let outcomes: Outcome[];
beforeAll(async () => {
	const hosts = [`receiver.${namespace}.svc:8080`, `receiver.${namespace}:8080`] as const;
	const items = [...receiver, ...manifests(namespace, hosts)];
	kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
	const ready = ['wait', '-n', namespace, '--for=condition=Ready', '--timeout=120s', '--all'];
	for (const kind of ['pod', 'broker', 'trigger']) kubectl([...ready, kind]);
	outcomes = await runTable(cases, {
		broker: `${await forward('broker-ingress', 'knative-eventing', 80)}/${namespace}/table`,
		receiver: await forward('receiver', namespace, 8080),
	});
});

afterAll(() => {
	for (const child of forwards) child.kill();
	kubectl(['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found']);
});

test.each(cases.map((one, index) => ({ ...one, ...one.onCluster, index })))(
	"Knative's broker treats $name as the table says",
	({ index, ...one }) => expectOutcome(one, outcomes[index]),
);
