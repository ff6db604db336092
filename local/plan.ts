import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Owner, urlOf } from '../database/roles.ts';
import { attributeOf } from '../eventing/catalog/catalog.ts';
import { delivery, triggersOf } from '../eventing/delivery.ts';
import { type Declaration, eventsTarget, type Target, targetsOf } from '../kit/declare/declare.ts';
import { type Addresses, environmentOf, scheduleOf } from '../kit/declare/environment.ts';
import { shop } from '../shop.ts';

/** The shop's namespace and Broker, with the same names as on a cluster. */
export const broker = 'default';

type Variables = Readonly<Record<string, string>>;

export interface ServicePlan {
	readonly target: Target;
	readonly env: Variables;
}

/** What a Service gets besides what its declaration says. */
export interface Provided {
	readonly owner: Owner;
	/** Settings that Knative provides in other ways. */
	readonly extra: Variables;
	/** The folder of the functions' compiled code. */
	readonly codeCache: string;
	/** Those of the function that observes the others. */
	readonly observer?: Variables;
	/** Those of the function that shows the recorded traces. */
	readonly recorder?: Variables;
	/** Kills the broker. Only the HTTP of the function that stores dead letters gets it, for its drills. */
	readonly brokerKillUrl?: string;
}

/** The targets to which debuggers can attach. Their time limits are longer, because a paused process answers nothing. */
export type Inspected = Pick<ReadonlyMap<string, unknown>, 'has'>;

/** Lets the transactions of a connection wait for ever, where otherwise the server would end them after 10 s. */
function patient(connection: string): string {
	const url = new URL(connection);
	url.searchParams.set('options', '-c idle_in_transaction_session_timeout=0');
	return url.href;
}

export function planServices(
	functions: readonly Declaration[],
	addresses: Addresses,
	{ owner, extra, codeCache, observer = {}, recorder = {}, brokerKillUrl }: Provided,
	inspected: Inspected = new Map(),
): ServicePlan[] {
	return functions.flatMap(targetsOf).map((target) => {
		const { declaration, name, signature } = target;
		const connect = inspected.has(name) ? patient : (url: string): string => url;
		return {
			target,
			env: {
				...extra,
				...(declaration.role === 'observer' ? observer : {}),
				...(declaration.role === 'recorder' ? recorder : {}),
				...environmentOf(target, functions, addresses),
				...(declaration.data ? { DATABASE_URL: connect(urlOf(owner, declaration.name)) } : {}),
				...(brokerKillUrl && declaration.deadLetters && signature === 'http' ? { BROKER_KILL_URL: brokerKillUrl } : {}),
				CODE_CACHE: join(codeCache, name),
				K_SERVICE: name,
				K_CONFIGURATION: name,
				K_REVISION: `${name}-laptop`,
			},
		};
	});
}

/** Returns the Broker and its Triggers as Knative manifests. Subscribers are processes, hence addressed by `uri`. */
export function planTriggers(
	functions: readonly Declaration[],
	addresses: Addresses,
	inspected: Inspected = new Map(),
): string {
	const sink = functions.find(({ deadLetters }) => deadLetters);
	const metadata = (name: string) => ({ name, namespace: shop.namespace });
	const apiVersion = 'eventing.knative.dev/v1';
	const triggers = triggersOf(functions).map(({ name, type, function: fn }) => ({
		apiVersion,
		kind: 'Trigger',
		metadata: metadata(name),
		spec: {
			broker,
			filters: [{ exact: { type: attributeOf(type) } }],
			subscriber: { uri: `${addresses.url(eventsTarget(fn))}/${name}` },
			delivery: {
				...delivery,
				...(inspected.has(eventsTarget(fn)) ? { timeout: 'PT1H' } : {}),
				...(sink ? { deadLetterSink: { uri: `${addresses.url(eventsTarget(sink.name))}/${name}` } } : {}),
			},
		},
	}));
	return [{ apiVersion, kind: 'Broker', metadata: metadata(broker) }, ...triggers]
		.map((object) => stringify(object))
		.join('---\n');
}

/** Returns the PingSources in the form of Knative manifests. */
export const planPings = (functions: readonly Declaration[], addresses: Addresses) =>
	functions.flatMap((fn) => {
		const schedule = scheduleOf(fn, addresses.env);
		if (!schedule) return [];
		const sink = { uri: addresses.url(eventsTarget(fn.name)) };
		return {
			metadata: { name: fn.name, namespace: shop.namespace },
			spec: { schedule, contentType: 'application/json', data: '{}', sink },
		};
	});
