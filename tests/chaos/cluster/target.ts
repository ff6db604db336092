import { openCluster as connect } from '../../acceptance/setup/cluster.ts';
import type { Verdict } from '../invariants/invariant.ts';
import type { Target } from '../target.ts';
import { clusterFaults } from './faults.ts';
import { list, type Pod } from './kubectl.ts';

/** Connects to the shop that `bodega deploy` put on the cluster of the current context. It needs no clean database. */
export async function openCluster(): Promise<Target> {
	const { reach, close } = await connect();
	const { url, hosts, adminPassword, namespace = '' } = reach;
	const before = await restarts(namespace);
	return {
		reach: { url, host: hosts['gateway'] ?? '', platform: true },
		isLocal: false,
		adminPassword,
		pause: [3, 12],
		log: [],
		faults: () => clusterFaults(namespace),
		close: async () => {
			const after = await restarts(namespace);
			await close();
			return [verdictOn(before, after)];
		},
	};
}

/** Returns how often each container was restarted, by Pod and name. */
async function restarts(namespace: string): Promise<Map<string, number>> {
	const pods = await list<Pod>(namespace, 'pods');
	return new Map(
		pods.flatMap(({ metadata, status }) =>
			(status.containerStatuses ?? []).map(
				({ name, restartCount }) => [`${metadata.name} ${name}`, restartCount] as const,
			),
		),
	);
}

/** A fault deletes Pods. None restarts a container, so a restart is a crash, or a probe that failed for too long. */
function verdictOn(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Verdict {
	const restarted = [...after].filter(([name, count]) => count > (before.get(name) ?? 0));
	return {
		claim: 'no container was restarted',
		violations: restarted.map(([name, count]) => `${name}: ${count} restarts`),
	};
}
