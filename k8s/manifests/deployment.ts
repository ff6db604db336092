import { type Choices, defaults } from './choices.ts';
import { type Profile, profiles } from './serving/profile.ts';

/** Everything that the manifests of a deployment depend on, besides the declarations. */
export interface Deployment {
	readonly namespace: string;
	/** Returns the image of a function, or of `migrate`. */
	readonly image: (name: string) => string;
	/** The URL of the Broker's ingress, from its status. If unknown, the URL of the default Broker class is used. */
	readonly sink?: string | undefined;
	/** The version of Knative Serving, passed to `info` because `info` has no right to read it. */
	readonly knative?: string | undefined;
	/** A fingerprint of the Secrets. Pods read Secrets only at start, so a new fingerprint replaces the Pods. */
	readonly secrets?: string | undefined;
	/** The environment of the deploying process, with the functions' settings. */
	readonly env?: NodeJS.ProcessEnv;
	/** The operator's choices that differ from the defaults. */
	readonly choices?: Partial<Choices>;
	/** The port of an external database. */
	readonly databasePort?: number | undefined;
	/** The URL of the archive's store, if the archive is in a bucket. */
	readonly archiveUrl?: string | undefined;
	/** Whether Knative accepts topology spread constraints (its flag `kubernetes.podspec-topologyspreadconstraints`). */
	readonly spreads?: boolean | undefined;
	/** The sizes of the existing volume claims, which cannot always be changed. */
	readonly storage?: Partial<Profile['storage']>;
}

export const choicesOf = ({ choices }: Deployment): Choices => ({ ...defaults, ...choices });

/** Returns the shop's sizes, with the storage of existing claims. */
export function profileOf(deployment: Deployment): Profile {
	const profile = profiles[choicesOf(deployment).profile];
	return { ...profile, storage: { ...profile.storage, ...deployment.storage } };
}

/** The name of the shop's Broker. */
export const broker = 'default';

/** Returns the URL to publish events to, by default that of the default class (MTChannelBasedBroker). */
export const sinkOf = ({ namespace, sink }: Deployment): string =>
	sink ?? `http://broker-ingress.knative-eventing.svc.cluster.local/${namespace}/${broker}`;

/** Returns the annotation with the fingerprint of the Secrets, for Pods that read them. */
export const secretsOf = ({ secrets }: Deployment): Record<string, string> =>
	secrets ? { 'bodega.dev/secrets': secrets } : {};
