import { functions } from '../../../functions/index.ts';
import { shop as product } from '../../../shop.ts';
import { awakeFrom, type Effect, nothing, ofDatabase, ofFunction, ofTarget, services } from '../faults/effect.ts';
import { chosen, type FaultKind, type Hit } from '../faults/fault.ts';
import { apply, kubectl, list, type Pod } from './kubectl.ts';

/** The label of a Knative Service's Pods. */
const service = 'serving.knative.dev/service';
const running = '--field-selector=status.phase=Running';

/** The functions with a network policy of their own: they reach a database, the Broker or other functions. */
const connected = functions.filter(
	({ data, emits, calls, role }) => data || emits.length || Object.keys(calls).length || role === 'gateway',
);

/** Deletes Pods and network policies of a shop, and Pods of Knative's Broker. */
export function clusterFaults(namespace: string): FaultKind[] {
	const kill = (where: string, ...pods: string[]): Promise<string> =>
		kubectl(where, 'delete', 'pod', ...pods, '--grace-period=1', '--wait=false', '--ignore-not-found');
	const killOne = async (where: string, selector: string, pick: number): Promise<Hit | undefined> => {
		const pod = chosen(await list<Pod>(where, 'pods', '-l', selector, running), pick);
		if (pod) await kill(where, pod.metadata.name);
		return pod && {};
	};
	/** Finds the Pods of a Service, or of the next one that is not at zero. */
	const podsOf = async (target: string): Promise<{ victim: string; pods: Pod[] } | undefined> => {
		const byService = Map.groupBy(
			await list<Pod>(namespace, 'pods', '-l', service, running),
			({ metadata }) => metadata.labels?.[service],
		);
		const victim = awakeFrom(target, (name) => byService.has(name));
		return victim === undefined ? undefined : { victim, pods: byService.get(victim) ?? [] };
	};
	const ofBroker = (name: string, selector: string): FaultKind => ({
		name,
		victims: [],
		lasts: [0, 0],
		recovery: 0,
		effect: () => nothing,
		begin: (_victim, pick) => killOne('knative-eventing', selector, pick),
	});
	/**
	 * Deletes a network policy: the namespace's default one then denies what it allowed.
	 * @param cut ends the connections that are open, because policies concern new ones only
	 */
	const withoutPolicy = (
		name: string,
		victims: readonly string[],
		effect: (fn: string) => Effect,
		policyOf: (fn: string) => string,
		cut: (fn: string) => Promise<unknown>,
	): FaultKind => ({
		name,
		victims,
		lasts: [3, 12],
		recovery: 30,
		effect,
		begin: async (fn) => {
			const text = await kubectl(namespace, 'get', 'networkpolicy', policyOf(fn), '-o', 'json');
			const object = JSON.parse(text) as { metadata: { name: string; labels?: object } };
			const { name: called, labels } = object.metadata;
			await kubectl(namespace, 'delete', 'networkpolicy', called);
			const mend = (): Promise<void> => apply(namespace, { ...object, metadata: { name: called, labels } });
			await cut(fn).catch(async (error: Error) => {
				await mend();
				throw error;
			});
			return { mend };
		},
	});
	return [
		{
			name: 'delete pod',
			victims: services,
			lasts: [0, 0],
			recovery: 30,
			effect: ofTarget,
			begin: async (target, pick) => {
				const found = await podsOf(target);
				const pod = chosen(found?.pods ?? [], pick);
				if (pod) await kill(namespace, pod.metadata.name);
				return found && { victim: found.victim };
			},
		},
		{
			name: 'scale to zero',
			victims: services,
			lasts: [0, 0],
			recovery: 30,
			effect: ofTarget,
			begin: async (target) => {
				const found = await podsOf(target);
				if (!found) return undefined;
				// Knative's autoscaler sets the number again.
				await kubectl(namespace, 'scale', 'deployment', '-l', `${service}=${found.victim}`, '--replicas=0');
				return { victim: found.victim };
			},
		},
		{
			name: 'delete Postgres',
			victims: [],
			lasts: [0, 0],
			recovery: 60,
			effect: () => ofDatabase,
			begin: (_victim, pick) => killOne(namespace, 'app.kubernetes.io/component=database', pick),
		},
		ofBroker(
			'delete channel dispatcher',
			'messaging.knative.dev/channel=in-memory-channel,messaging.knative.dev/role=dispatcher',
		),
		ofBroker('delete broker ingress', 'eventing.knative.dev/brokerRole=ingress'),
		ofBroker('delete broker filter', 'eventing.knative.dev/brokerRole=filter'),
		withoutPolicy(
			'cut off function',
			connected.map(({ name }) => name),
			ofFunction,
			(fn) => fn,
			(fn) => kill(namespace, '-l', `app.kubernetes.io/component=function,app.kubernetes.io/name=${fn}`),
		),
		withoutPolicy(
			'cut off Postgres',
			[],
			() => ofDatabase,
			() => 'postgres',
			() =>
				kubectl(
					namespace,
					...['exec', 'postgres-0', '--', 'psql', '-U', product.database, '-c'],
					'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and client_addr is not null',
				),
		),
	];
}
