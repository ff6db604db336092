import { execFile } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';
import { promisify } from 'node:util';
import { functions } from '../../../functions/index.ts';
import { findAddress } from '../../../k8s/cluster/address.ts';
import { Kubectl } from '../../../k8s/kubectl/kubectl.ts';
import { targetsOf } from '../../../kit/declare/declare.ts';
import { shop as product } from '../../../shop.ts';
import type { Faults } from './faults.ts';
import type { Reach } from './shop.ts';

const namespace = process.env['ACCEPTANCE_NAMESPACE'] ?? product.namespace;

async function kubectl(...args: string[]): Promise<string> {
	const { stdout } = await promisify(execFile)('kubectl', args, { maxBuffer: 64_000_000 });
	return stdout;
}

/** Connects to the shop that `bodega deploy` put on the cluster of the current context. */
export async function openCluster(): Promise<{ reach: Reach; close: () => Promise<void> }> {
	const address = await findAddress(new Kubectl(namespace));
	const secret = await kubectl('get', 'secret', 'admin', '-n', namespace, '-o', 'jsonpath={.data.ADMIN_PASSWORD}');
	const names = functions.flatMap(targetsOf).filter(({ signature }) => signature === 'http');
	const hosts = await Promise.all(names.map(async ({ name }) => [name, await address.host(name)] as const));
	return {
		reach: {
			target: 'cluster',
			url: address.url,
			hosts: Object.fromEntries(hosts),
			adminPassword: Buffer.from(secret, 'base64').toString('utf8'),
			namespace,
		},
		close: async () => {
			await address.close();
		},
	};
}

interface EnvVar {
	readonly name: string;
	readonly value?: string;
	readonly valueFrom?: unknown;
}

/** The label selector of the Pods that hold the events of in-memory channels. */
const dispatcher = 'messaging.knative.dev/channel=in-memory-channel,messaging.knative.dev/role=dispatcher';

interface Pod {
	readonly metadata: { readonly name: string };
	readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Returns the faults for a cluster, which use kubectl. */
export function clusterFaults(_reach: Reach): Faults {
	const before = new Map<string, EnvVar[]>();
	const path = '/spec/template/spec/containers/0/env';
	return {
		async setEnvironment(service, env) {
			const text = await kubectl('get', 'ksvc', service, '-n', namespace, '-o', 'json');
			const current = (JSON.parse(text) as { spec: { template: { spec: { containers: { env: EnvVar[] }[] } } } }).spec
				.template.spec;
			const own = before.get(service) ?? current.containers[0]?.env ?? [];
			before.set(service, own);
			const changed = [
				...own.filter(({ name }) => !(name in env)),
				...Object.entries(env).map(([name, value]) => ({ name, value })),
			];
			const patch = [{ op: 'replace', path, value: changed }];
			await kubectl('patch', 'ksvc', service, '-n', namespace, '--type=json', '-p', JSON.stringify(patch));
			await kubectl('wait', 'ksvc', service, '-n', namespace, '--for=condition=ConfigurationsReady', '--timeout=120s');
			await settledOnLatest(service);
		},
		async setRetries(trigger, retry) {
			const patch = JSON.stringify({ spec: { delivery: { retry } } });
			await kubectl('patch', 'trigger', trigger, '-n', namespace, '--type=merge', '-p', patch);
			await kubectl('wait', 'trigger', trigger, '-n', namespace, '--for=condition=Ready', '--timeout=60s');
		},
		async loseBrokerMemory() {
			const pods = ['pods', '-n', 'knative-eventing', '-l', dispatcher];
			const before = await kubectl('get', ...pods, '-o', 'name');
			await kubectl('delete', ...pods, '--grace-period=0', '--force');
			// `kubectl wait` would fail while there is no Pod, and would mistake the old Pod for the new one.
			await poll('the channel dispatcher has no new Pod', async () => {
				const { items } = JSON.parse(await kubectl('get', ...pods, '-o', 'json')) as { items: Pod[] };
				return items.some(
					({ metadata, status }) =>
						!before.split('\n').includes(`pod/${metadata.name}`) &&
						status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
				);
			});
		},
		async crashDatabase() {
			// One second is too short for a clean shutdown with open connections. After `--force`, Postgres would run on for a moment.
			await kubectl('delete', 'pod', 'postgres-0', '-n', namespace, '--grace-period=1');
		},
	};
}

/** Waits until a Service's route leads to its newest revision. */
const settledOnLatest = (service: string): Promise<void> =>
	poll(`${service} has no new revision: kubectl describe ksvc ${service} -n ${namespace}`, async () => {
		const status = JSON.parse(await kubectl('get', 'ksvc', service, '-n', namespace, '-o', 'json')) as {
			metadata: { generation: number };
			status: Record<string, unknown>;
		};
		const { observedGeneration, latestCreatedRevisionName, latestReadyRevisionName, traffic } = status.status;
		const led = (traffic as { revisionName?: string }[] | undefined)?.[0]?.revisionName;
		return (
			observedGeneration === status.metadata.generation &&
			latestCreatedRevisionName === latestReadyRevisionName &&
			led === latestCreatedRevisionName
		);
	});

/** Polls `look` twice a second for two minutes. @throws {Error} with `failure` if it never returns true. */
async function poll(failure: string, look: () => Promise<boolean | undefined>): Promise<void> {
	for (const end = Date.now() + 120_000; Date.now() < end; await after(500)) if (await look()) return;
	throw new Error(`after two minutes ${failure}`);
}
