import type { ISecret } from 'kubernetes-models/v1';
import { s3Settings } from '../../database/archive/place.ts';
import { checkOwnerUrl } from '../../database/owner-url.ts';
import type { Chosen } from '../cluster/stored-choices.ts';
import { oursSelector } from '../manifests/object.ts';
import { completeSecrets, type StoredSecrets, secretName, storeVariables } from '../manifests/secret.ts';
import { Failure } from './failure.ts';
import type { Kubectl } from './kubectl.ts';

/**
 * Reads the secrets of the last deployment, and generates the missing ones. The URL of an external database is the
 * given one, or else the stored one. The stored one counts only if the last deployment used an external database too;
 * otherwise it leads to the shop's own Postgres.
 * @param given the URL of an external database
 * @param env variables with the key of the archive's store, if it is chosen anew; by default the stored ones count
 */
export async function readSecrets(
	kubectl: Kubectl,
	{ choices, before }: Pick<Chosen, 'choices' | 'before'>,
	given?: string,
	env?: NodeJS.ProcessEnv,
): Promise<StoredSecrets> {
	const found = await kubectl.list<ISecret>('secrets', '-l', oursSelector);
	const value = (secret: string, key: string): string | undefined => {
		const encoded = found.find(({ metadata }) => metadata?.name === secret)?.data?.[key];
		return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString();
	};
	const ownerPassword = value(secretName.owner, 'POSTGRES_PASSWORD');
	const adminPassword = value(secretName.admin, 'ADMIN_PASSWORD');
	const roleSecret = value(secretName.owner, 'ROLE_SECRET');
	return completeSecrets({
		...(ownerPassword ? { ownerPassword } : {}),
		...(adminPassword ? { adminPassword } : {}),
		...(roleSecret ? { roleSecret } : {}),
		...(choices.database === 'external'
			? {
					externalUrl: checked(
						given || (before.database === 'external' ? value(secretName.owner, 'DATABASE_URL') : undefined),
					),
				}
			: {}),
		...(choices.archive?.startsWith('s3:')
			? {
					archive: keyIn(
						env ?? Object.fromEntries(storeVariables.map((name) => [name, value(secretName.archive, name)])),
						choices.archive,
					),
				}
			: {}),
	});
}

/** Returns the variables of a store, with the values that are used by default. */
function keyIn(env: NodeJS.ProcessEnv, place: string): NonNullable<StoredSecrets['archive']> {
	if (env['AWS_SESSION_TOKEN'])
		throw new Failure(
			'usage',
			`--archive ${place} needs a key that does not expire, but AWS_SESSION_TOKEN is set. Unset it, and give the key of a user for this bucket`,
		);
	const { accessKeyId, secretAccessKey, region, endpoint } = s3Settings(env, `--archive ${place}`);
	return {
		AWS_ACCESS_KEY_ID: accessKeyId,
		AWS_SECRET_ACCESS_KEY: secretAccessKey,
		AWS_REGION: region,
		AWS_ENDPOINT_URL: endpoint.href,
	};
}

function checked(url?: string): string {
	if (url) {
		checkOwnerUrl(url);
		return url;
	}
	throw new Failure(
		'usage',
		'--database external needs the URL of the database’s owner, a role that can create roles, in the environment: DATABASE_URL=postgresql://…',
	);
}
