import { isDeepStrictEqual } from 'node:util';
import type { IService } from '@kubernetes-models/knative/serving.knative.dev/v1';
import { differences } from '../kubectl/difference.ts';
import { Failure } from '../kubectl/failure.ts';
import type { Kubectl, LiveObject } from '../kubectl/kubectl.ts';
import type { KubernetesObject } from '../manifests/object.ts';
import { latest, type TrafficTarget } from '../manifests/serving/knative-service.ts';

/** The fields of a live Knative Service that concern its revisions. */
export interface RoutedService extends LiveObject {
	readonly spec: { readonly template?: unknown; readonly traffic?: readonly TrafficTarget[] };
	readonly status?: NonNullable<LiveObject['status']> & {
		readonly traffic?: readonly TrafficTarget[];
		readonly latestReadyRevisionName?: string;
	};
}

const isService = ({ kind, apiVersion }: KubernetesObject): boolean =>
	kind === 'Service' && apiVersion.startsWith('serving.knative.dev/');

const stableOf = ({ status }: RoutedService): string | undefined =>
	status?.traffic?.toSorted((a, b) => (b.percent ?? 0) - (a.percent ?? 0))[0]?.revisionName;

/** Returns whether some of a Service's requests go to another revision than its latest. */
const isHeldBack = ({ spec }: RoutedService): boolean =>
	(spec.traffic ?? []).some(({ latestRevision, percent }) => !latestRevision && percent);

/**
 * Returns the objects with a traffic split in each Service that would get a new revision (Knative Serving, "Traffic
 * splitting"). The current revision gets the rest of the requests. A new Service is not split: it has no other
 * revision.
 * @param percent the new revision's share of the requests
 */
export async function asCanary(
	kubectl: Kubectl,
	objects: readonly KubernetesObject[],
	percent: number,
): Promise<KubernetesObject[]> {
	const found = await differences(kubectl, objects.filter(isService));
	const stable = new Map(
		found.flatMap(({ object, change }) => {
			if (!change) return [];
			const [live, next] = [change.before, change.after] as unknown as [RoutedService, RoutedService];
			// A Service that is already split stays split, though this deployment adds no revision to it.
			const isNew = isHeldBack(live) || !isDeepStrictEqual(live.spec.template, next.spec.template);
			const revision = stableOf(live);
			return revision && isNew ? [[object, revision] as const] : [];
		}),
	);
	return objects.map((object) => {
		const revisionName = stable.get(object);
		if (!revisionName) return object;
		const { spec, ...rest } = object as IService;
		return { ...rest, spec: { ...spec, traffic: split(revisionName, percent) } } as KubernetesObject;
	});
}

const split = (revisionName: string, percent: number): TrafficTarget[] => [
	{ revisionName, percent: 100 - percent },
	// The tag gives the new revision a URL of its own: http://canary-books.…
	{ latestRevision: true, percent, tag: 'canary' },
];

/** Sends every request to the latest revision, or back to the previous one. @returns the changed Services' names */
export async function settle(kubectl: Kubectl, way: 'promote' | 'rollback'): Promise<string[]> {
	const services = await kubectl.list<RoutedService>('services.serving.knative.dev');
	const divided = services.filter(isHeldBack);
	if (!divided.length)
		throw new Failure(
			'usage',
			`No function's requests are split between two revisions, so there is nothing to ${way}. To start a canary: bodega deploy --canary 10%`,
		);
	for (const service of divided) {
		const before = service.spec.traffic?.find(({ revisionName }) => revisionName)?.revisionName;
		const traffic = way === 'promote' || !before ? latest : [{ revisionName: before, percent: 100 }];
		const patch = JSON.stringify({ spec: { traffic } });
		const target = ['services.serving.knative.dev', service.metadata.name, '-n', kubectl.namespace];
		await kubectl.run(['patch', ...target, '--type=merge', '--field-manager=bodega', '-p', patch]);
	}
	return divided.map(({ metadata }) => metadata.name);
}
