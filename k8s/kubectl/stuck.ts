import type { Kubectl } from './kubectl.ts';

interface Pod {
	readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
	readonly status: {
		readonly containerStatuses?: readonly {
			readonly restartCount: number;
			readonly state?: { readonly waiting?: { readonly reason?: string } };
		}[];
	};
}

interface Service {
	readonly status?: { readonly latestCreatedRevisionName?: string };
}

/** Container states that time alone does not mend, and after how many restarts that is believed. */
const hopeless: Readonly<Record<string, number>> = {
	ImagePullBackOff: 0,
	InvalidImageName: 0,
	CreateContainerConfigError: 0,
	CrashLoopBackOff: 3,
};

/**
 * Whether a pod of what is being deployed, not of an earlier revision, is in a state that waiting does not mend. Nobody waits
 * for Grafana: it only draws.
 */
export async function isStuck(kubectl: Kubectl): Promise<boolean> {
	const [pods, services] = await Promise.all([
		kubectl.list<Pod>('pods', '-l', 'app.kubernetes.io/part-of=bodega,app.kubernetes.io/name!=grafana'),
		kubectl.list<Service>('services.serving.knative.dev'),
	]);
	const latest = new Set(services.map(({ status }) => status?.latestCreatedRevisionName));
	return pods.some(({ metadata, status }) => {
		const revision = metadata.labels?.['serving.knative.dev/revision'];
		if (revision && !latest.has(revision)) return false;
		return status.containerStatuses?.some(({ state, restartCount }) => {
			const restarts = hopeless[state?.waiting?.reason ?? ''];
			return restarts !== undefined && restartCount >= restarts;
		});
	});
}
