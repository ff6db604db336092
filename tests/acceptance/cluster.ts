import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { functions } from '../../functions/index.ts';
import { targetsOf } from '../../functions/kit/declare.ts';
import { findAddress } from '../../k8s/address.ts';
import type { Faults } from './faults.ts';
import type { Reach } from './shop.ts';

const namespace = process.env['ACCEPTANCE_NAMESPACE'] ?? 'bodega';

async function kubectl(...args: string[]): Promise<string> {
	const { stdout } = await promisify(execFile)('kubectl', args, { maxBuffer: 64_000_000 });
	return stdout;
}

/** The shop that `bodega deploy` put on the cluster of the current context. */
export async function openCluster(): Promise<{ reach: Reach; close: () => Promise<void> }> {
	const address = await findAddress({ namespace });
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

/** The faults of the cluster: by kubectl, as an operator's mistakes would be. */
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
			const dispatcher = 'messaging.knative.dev/channel=in-memory-channel,messaging.knative.dev/role=dispatcher';
			await kubectl('delete', 'pod', '-n', 'knative-eventing', '-l', dispatcher, '--grace-period=0', '--force');
			await kubectl(
				'wait',
				'pod',
				'-n',
				'knative-eventing',
				'-l',
				dispatcher,
				'--for=condition=Ready',
				'--timeout=120s',
			);
		},
		async crashDatabase() {
			// A second is too short for it to end by itself with connections open. By force it would go on for a moment after this.
			await kubectl('delete', 'pod', 'postgres-0', '-n', namespace, '--grace-period=1');
		},
	};
}

/** Waits until a Service's route leads to the revision made last. */
async function settledOnLatest(service: string): Promise<void> {
	for (let tries = 0; tries < 120; tries += 1) {
		const status = JSON.parse(await kubectl('get', 'ksvc', service, '-n', namespace, '-o', 'json')) as {
			metadata: { generation: number };
			status: Record<string, unknown>;
		};
		const { observedGeneration, latestCreatedRevisionName, latestReadyRevisionName, traffic } = status.status;
		const led = (traffic as { revisionName?: string }[] | undefined)?.[0]?.revisionName;
		if (
			observedGeneration === status.metadata.generation &&
			latestCreatedRevisionName === latestReadyRevisionName &&
			led === latestCreatedRevisionName
		)
			return;
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
	throw new Error(`${service} has no new revision after a minute: kubectl describe ksvc ${service} -n ${namespace}`);
}
