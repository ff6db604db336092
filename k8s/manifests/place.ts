import { type Choices, defaults } from './choices.ts';
import { type Profile, profiles } from './serving/profile.ts';

/** What the manifests of one deployment depend on besides the declarations. */
export interface Place {
	readonly namespace: string;
	/** The image of a function, or of `migrate`. */
	readonly image: (name: string) => string;
	/** The Broker's ingress, as its status tells it; where the default Broker answers when that is not known yet. */
	readonly sink?: string | undefined;
	/** The version of Knative Serving, which `info` cannot see for itself. */
	readonly knative?: string | undefined;
	/** What tells one set of Secrets from another: a pod reads them when it starts, so with new ones come new pods. */
	readonly secrets?: string | undefined;
	/** The environment of whoever deploys: the functions' settings are taken out of it. */
	readonly env?: NodeJS.ProcessEnv;
	/** What the operator has chosen, where it is not the default. */
	readonly choices?: Partial<Choices>;
	/** The port of a database that is elsewhere. */
	readonly databasePort?: number | undefined;
	/** Whether Knative takes constraints of how pods are spread (its flag `kubernetes.podspec-topologyspreadconstraints`). */
	readonly spreads?: boolean | undefined;
	/** What the claims that are there ask for: it cannot always be changed. */
	readonly storage?: Partial<Profile['storage']>;
}

export const choicesOf = ({ choices }: Place): Choices => ({ ...defaults, ...choices });

/** How the shop is sized. */
export function profileOf(place: Place): Profile {
	const profile = profiles[choicesOf(place).profile];
	return { ...profile, storage: { ...profile.storage, ...place.storage } };
}

/** The Broker of the shop: the cluster's default class, whatever channel is behind it. */
export const broker = 'default';

/** Where the default Broker class takes events (Knative Eventing, MTChannelBasedBroker). */
export const sinkOf = ({ namespace, sink }: Place): string =>
	sink ?? `http://broker-ingress.knative-eventing.svc.cluster.local/${namespace}/${broker}`;

/** The annotation of pods that read Secrets. */
export const secretsOf = ({ secrets }: Place): Record<string, string> =>
	secrets ? { 'bodega.dev/secrets': secrets } : {};
