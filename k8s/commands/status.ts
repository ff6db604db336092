import { remover } from '../../database/roles.ts';
import { functions } from '../../functions/index.ts';
import { targetsOf } from '../../kit/declare/declare.ts';
import { lastNightly } from '../cluster/claims/nightly.ts';
import { readinessOf } from '../cluster/readiness.ts';
import { remembered } from '../cluster/stored-choices.ts';
import { readVitals } from '../cluster/vitals.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { step } from '../kubectl/progress.ts';
import { nightlyJobs } from '../manifests/database/backup.ts';
import { manifests } from '../manifests/manifests.ts';
import { examine } from './doctor.ts';
import { type FunctionStatus, type Status, warningsOf } from './status-text.ts';
import type { RoutedService } from './traffic.ts';

/** Returns whether everything declared is on the cluster and ready. Wakes no function. @throws {Failure} */
export const clusterStatus = (kubectl: Kubectl): Promise<Status> =>
	step('status', () => look(kubectl), { quiet: true });

async function look(kubectl: Kubectl): Promise<Status> {
	const { namespace } = kubectl;
	const choices = await remembered(kubectl);
	const { foundation, functions: rooms } = manifests(functions, { namespace, image: (name) => name, choices });
	// The migration Job's name depends on its image, and the cluster deletes it a day after it completes.
	const declared = [...foundation.values(), ...rooms.values()].flat().filter(({ kind }) => kind !== 'Job');
	const [cluster, judged, nightly, services, pods, database] = await Promise.all([
		examine(kubectl),
		readinessOf(kubectl, declared),
		lastNightly(kubectl, [remover, ...(foundation.has('backup') ? nightlyJobs : [])]),
		kubectl.list<RoutedService>('services.serving.knative.dev'),
		kubectl.list('pods', '-l', 'serving.knative.dev/service'),
		readVitals(kubectl),
	]);
	const running = pods.filter(({ metadata }) => !metadata.deletionTimestamp);
	const objects = [...judged, ...nightly];
	const told = functions.flatMap(targetsOf).map(({ name }): FunctionStatus => {
		const instances = running.filter(
			({ metadata }) => metadata.labels?.['serving.knative.dev/service'] === name,
		).length;
		const ready = objects.some((object) => object.kind === 'Service' && object.name === name && object.ready);
		const state = ready ? (instances ? 'ready' : 'zero') : 'not ready';
		return { name, state, instances, ...placeOf(services.find(({ metadata }) => metadata.name === name)) };
	});
	const problems = [
		...objects.filter(({ ready }) => !ready).map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`),
		...(database ? warningsOf(database) : []),
	];
	const ready = objects.every(({ ready }) => ready);
	return {
		place: 'cluster',
		namespace,
		ready,
		cluster,
		functions: told,
		...(database ? { database } : {}),
		objects,
		problems,
	};
}

function placeOf(service: RoutedService | undefined): Pick<FunctionStatus, 'url' | 'split'> {
	const { url, traffic = [] } = service?.status ?? {};
	const shares = traffic.flatMap(({ revisionName, percent }) =>
		revisionName && percent ? [[revisionName, percent]] : [],
	);
	return {
		...(url && !url.includes('.svc.cluster.local') ? { url } : {}),
		...(shares.length > 1 ? { split: Object.fromEntries(shares) } : {}),
	};
}
