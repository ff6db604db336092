import { type ProfileName, profileNames } from './serving/profile.ts';

/** What an operator has chosen for a deployment; it is kept with the namespace, so that the next one does not undo it. */
export interface Choices {
	/** For how much the shop is sized. */
	readonly profile: ProfileName;
	/** What is behind the Broker: `channel` is the cluster's default class. */
	readonly broker: 'channel' | 'kafka' | `rabbitmq:${string}/${string}`;
	/** Which Postgres: the shop's own one, one elsewhere, or one that CloudNativePG runs. */
	readonly database: 'postgres' | 'external' | 'cloudnative-pg';
	/** The name the shop is reached by: `shop.example.com`. */
	readonly host?: string | undefined;
	/** What stands in front: Knative's own ingress, or an nginx that runs already. */
	readonly ingress: 'knative' | 'nginx';
	/** Where the host's certificate comes from: a Secret, or an issuer of cert-manager. */
	readonly tls?: `secret:${string}` | `issuer:${string}` | undefined;
}

export const defaults: Choices = { profile: 'laptop', broker: 'channel', database: 'postgres', ingress: 'knative' };

const names = ['profile', 'broker', 'database', 'host', 'ingress', 'tls'] as const satisfies (keyof Choices)[];

/** What may be chosen, as people are told it, and what it has to look like. */
export const wanted: Readonly<Record<keyof Choices, readonly [text: string, pattern: RegExp]>> = {
	profile: [profileNames.join(', '), new RegExp(`^(${profileNames.join('|')})$`)],
	broker: [
		'channel, kafka, or rabbitmq:NAMESPACE/NAME of a RabbitmqCluster',
		/^(channel|kafka|rabbitmq:[a-z0-9-]+\/[a-z0-9-]+)$/,
	],
	database: ['postgres, external, or cloudnative-pg', /^(postgres|external|cloudnative-pg)$/],
	host: ['a name of lower case letters, like shop.example.com', /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/],
	ingress: ['knative or nginx', /^(knative|nginx)$/],
	tls: ['secret:NAME, or issuer:NAME of a ClusterIssuer', /^(secret|issuer):[a-z0-9.-]+$/],
};

/** What a choice is undone by, where it has no default. */
export const none = 'none';

const annotation = (name: string): string => `bodega.dev/${name}`;

/** The choices as annotations of the namespace; what is the default is not among them. */
export const annotationsOf = (choices: Choices): Record<string, string> =>
	Object.fromEntries(
		names.flatMap((name) => {
			const value = choices[name];
			return value && value !== defaults[name] ? [[annotation(name), value]] : [];
		}),
	);

/** The choices that annotations of a namespace tell of, without the defaults. */
export const choicesIn = (annotations: Readonly<Record<string, string>> = {}): Partial<Choices> =>
	Object.fromEntries(
		names.flatMap((name) => (annotations[annotation(name)] ? [[name, annotations[annotation(name)]]] : [])),
	);
