import { hash } from 'node:crypto';
import type { ISecret } from 'kubernetes-models/v1';
import { monitor, newSecret, type Owner, remover, throughPooler, urlOf } from '../../database/roles.ts';
import type { Declaration } from '../../kit/declare/declare.ts';
import type { Choices } from './choices.ts';
import { database } from './database/database.ts';
import { metadata } from './object.ts';

/** The names of the Secrets, which the other manifests refer to. */
export const secretName = {
	owner: 'postgres',
	admin: 'admin',
	/** The owner's name and password in the form that CloudNativePG needs. */
	basicAuth: 'postgres-owner',
	/** The key of the archive's store. */
	archive: 'archive',
	database: (fn: string): string => `${fn}-database`,
};

/** The variables of the archive's store, which its Secret has. */
export const storeVariables = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION', 'AWS_ENDPOINT_URL'] as const;

/** Whether a Secret is part of the foundation, and not a function's. */
export const isFoundation = ({ metadata }: ISecret): boolean =>
	[secretName.owner, secretName.admin, secretName.basicAuth, secretName.archive].includes(metadata?.name ?? '');

/** The secrets that are generated once and then stored. All other secrets are derived from these. */
export interface StoredSecrets {
	readonly ownerPassword: string;
	readonly adminPassword: string;
	/** The secret that the passwords of the functions' roles derive from. */
	readonly roleSecret: string;
	/** The URL of an external database's owner. For other databases the URL is built from the password. */
	readonly externalUrl?: string | undefined;
	/** The variables of the archive's store, if the archive is in a bucket. */
	readonly archive?: Readonly<Record<(typeof storeVariables)[number], string>> | undefined;
}

export const completeSecrets = (stored: Partial<StoredSecrets>): StoredSecrets => ({
	ownerPassword: stored.ownerPassword ?? newSecret(),
	adminPassword: stored.adminPassword ?? newSecret(),
	// A shop from before this secret derived the passwords from the owner's. It keeps them, so that no function has to stop;
	// the owner of an external database can have a password that somebody could guess.
	roleSecret: stored.roleSecret ?? (stored.externalUrl ? undefined : stored.ownerPassword) ?? newSecret(),
	externalUrl: stored.externalUrl,
	archive: stored.archive,
});

/** Returns a hash that changes with the URLs and passwords of the database's roles, and does not reveal them. */
export const fingerprint = (
	{ ownerPassword, externalUrl, roleSecret }: StoredSecrets,
	{ pooler }: Partial<Choices> = {},
): string =>
	hash('sha256', ['bodega', externalUrl ?? ownerPassword, roleSecret, ...(pooler ? [pooler] : [])].join(' ')).slice(
		0,
		12,
	);

/** Returns the Secrets of a deployment. They exist only on the cluster, never in a file. */
export function secrets(
	functions: readonly Declaration[],
	stored: StoredSecrets,
	choices: Partial<Choices> = {},
	monitored = false,
): ISecret[] {
	const { ownerPassword, adminPassword, externalUrl, roleSecret, archive } = stored;
	const isCloudNative = choices.database === 'cloudnative-pg';
	const server = isCloudNative ? `${database.service}-rw` : database.service;
	const url =
		externalUrl ?? `postgresql://${database.owner}:${ownerPassword}@${server}:${database.port}/${database.name}`;
	const owner: Owner = { url, secret: roleSecret };
	const { pooler } = choices;
	const functionUrls = (name: string): Record<string, string> => {
		const direct = urlOf(owner, name);
		if (!pooler) return { DATABASE_URL: direct };
		return { DATABASE_URL: throughPooler(direct, pooler), DATABASE_DIRECT_URL: direct };
	};
	const secret = (name: string, part: string, stringData: Record<string, string>, type = 'Opaque'): ISecret => ({
		apiVersion: 'v1',
		kind: 'Secret',
		metadata: metadata(name, part, 'function'),
		type,
		data: Object.fromEntries(
			Object.entries(stringData).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
		),
	});
	const basicAuth = { username: database.owner, password: ownerPassword };
	return [
		secret(secretName.owner, database.service, {
			POSTGRES_PASSWORD: ownerPassword,
			DATABASE_URL: url,
			ROLE_SECRET: roleSecret,
		}),
		secret(secretName.admin, 'admin', { ADMIN_PASSWORD: adminPassword }),
		...(isCloudNative ? [secret(secretName.basicAuth, database.service, basicAuth, 'kubernetes.io/basic-auth')] : []),
		...(archive ? [secret(secretName.archive, 'archive', archive)] : []),
		...functions
			.filter(({ data }) => data)
			.map(({ name }) => secret(secretName.database(name), name, functionUrls(name))),
		secret(secretName.database(remover), remover, { DATABASE_URL: urlOf(owner, remover) }),
		...(monitored ? [secret(secretName.database(monitor), monitor, { DATABASE_URL: urlOf(owner, monitor) })] : []),
	];
}
