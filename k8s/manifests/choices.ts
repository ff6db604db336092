import { bucketPattern } from '../../database/archive/place.ts';
import { type ProfileName, profileNames } from './serving/profile.ts';

/** An operator's choices for a deployment. The namespace stores them for the next deployment. */
export interface Choices {
	readonly profile: ProfileName;
	/** The implementation of the Broker. `channel` is the cluster's default class. */
	readonly broker: 'channel' | 'kafka' | `rabbitmq:${string}/${string}`;
	/** The Postgres to use: the shop's own, one outside the cluster, or one that CloudNativePG runs. */
	readonly database: 'postgres' | 'external' | 'cloudnative-pg';
	/** The connection pooler before an external database, as `host:port`. */
	readonly pooler?: string | undefined;
	/** Where removed events are archived: in a volume claim, or in a bucket of an S3-compatible store. */
	readonly archive?: 'claim' | `s3://${string}` | undefined;
	/** The host name of the shop: `shop.example.com`. */
	readonly host?: string | undefined;
	/** The ingress in front of the shop: Knative's own, or an nginx that is installed already. */
	readonly ingress: 'knative' | 'nginx';
	/** The source of the host's certificate: a Secret, or an issuer of cert-manager. */
	readonly tls?: `secret:${string}` | `issuer:${string}` | undefined;
}

export const defaults: Choices = { profile: 'laptop', broker: 'channel', database: 'postgres', ingress: 'knative' };

const names = [
	'profile',
	'broker',
	'database',
	'pooler',
	'archive',
	'host',
	'ingress',
	'tls',
] as const satisfies (keyof Choices)[];

/** The allowed values of each choice, as text for messages and as a pattern. */
export const wanted: Readonly<Record<keyof Choices, readonly [text: string, pattern: RegExp]>> = {
	profile: [profileNames.join(', '), new RegExp(`^(${profileNames.join('|')})$`)],
	broker: [
		'channel, kafka, or rabbitmq:NAMESPACE/NAME of a RabbitmqCluster',
		/^(channel|kafka|rabbitmq:[a-z0-9-]+\/[a-z0-9-]+)$/,
	],
	database: ['postgres, external, or cloudnative-pg', /^(postgres|external|cloudnative-pg)$/],
	pooler: [
		'HOST:PORT of a PgBouncer, such as pgbouncer.example.com:6432',
		/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[1-9]\d{1,4}$/,
	],
	archive: ['claim, or s3://BUCKET/PREFIX', new RegExp(`^claim$|${bucketPattern.source}`)],
	host: ['a lower-case name like shop.example.com', /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/],
	ingress: ['knative or nginx', /^(knative|nginx)$/],
	tls: ['secret:NAME, or issuer:NAME of a ClusterIssuer', /^(secret|issuer):[a-z0-9.-]+$/],
};

/** The value that undoes a choice that has no default. */
export const none = 'none';

const annotation = (name: string): string => `bodega.dev/${name}`;

/** Returns the choices as annotations of the namespace. Leaves out the defaults. */
export const annotationsOf = (choices: Choices): Record<string, string> =>
	Object.fromEntries(
		names.flatMap((name) => {
			const value = choices[name];
			return value && value !== defaults[name] ? [[annotation(name), value]] : [];
		}),
	);

/** Reads the choices from the annotations of a namespace. Does not fill in the defaults. */
export const choicesIn = (annotations: Readonly<Record<string, string>> = {}): Partial<Choices> =>
	Object.fromEntries(
		names.flatMap((name) => (annotations[annotation(name)] ? [[name, annotations[annotation(name)]]] : [])),
	);
