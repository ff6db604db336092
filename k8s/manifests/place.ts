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
}

/** The namespace, unless another is asked for. */
export const defaultNamespace = 'bodega';

/** The Broker of the shop: the cluster's default class, whatever channel is behind it. */
export const broker = 'default';

/** Where the default Broker class takes events (Knative Eventing, MTChannelBasedBroker). */
export const sinkOf = ({ namespace, sink }: Place): string =>
	sink ?? `http://broker-ingress.knative-eventing.svc.cluster.local/${namespace}/${broker}`;

/** The annotation of pods that read Secrets. */
export const secretsOf = ({ secrets }: Place): Record<string, string> =>
	secrets ? { 'bodega.dev/secrets': secrets } : {};
