import { oursSelector } from '../manifests/object.ts';
import type { Kubectl } from './kubectl.ts';

/** Container states that waiting does not fix, with the number of restarts after which we treat them as final. */
const hopeless: Readonly<Record<string, number>> = {
	ImagePullBackOff: 0,
	InvalidImageName: 0,
	CreateContainerConfigError: 0,
	CrashLoopBackOff: 3,
};

/**
 * Returns whether a Pod of the current deployment is in a state that waiting does not fix. Ignores Pods of earlier
 * revisions. Ignores Grafana too, because a deployment does not wait for it.
 */
export async function isStuck(kubectl: Kubectl): Promise<boolean> {
	const [pods, services] = await Promise.all([
		kubectl.list('pods', '-l', `${oursSelector},app.kubernetes.io/name!=grafana`),
		kubectl.list('services.serving.knative.dev'),
	]);
	const latest = new Set(services.map(({ status }) => status?.latestCreatedRevisionName));
	return pods.some(({ metadata, status }) => {
		const revision = metadata.labels?.['serving.knative.dev/revision'];
		if (revision && !latest.has(revision)) return false;
		return status?.containerStatuses?.some(({ state, restartCount }) => {
			const restarts = hopeless[state?.waiting?.reason ?? ''];
			return restarts !== undefined && restartCount >= restarts;
		});
	});
}
