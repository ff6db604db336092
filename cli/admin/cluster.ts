import { checkPostgres } from '../../k8s/cluster/postgres-pod.ts';
import { remembered } from '../../k8s/cluster/stored-choices.ts';
import { Failure } from '../../k8s/kubectl/failure.ts';
import { type Kubectl, named } from '../../k8s/kubectl/kubectl.ts';
import { readSecrets } from '../../k8s/kubectl/stored-secrets.ts';
import { defaults } from '../../k8s/manifests/choices.ts';
import { database, postgresPod } from '../../k8s/manifests/database/database.ts';
import { completeSecrets, secretName, secrets } from '../../k8s/manifests/secret.ts';
import { runOn } from './laptop.ts';

/**
 * Runs SQL as the owner of the database of a shop on a cluster: with psql in the Pod of the database, or from this machine if
 * the database is external.
 * @returns the only value that the SQL returns, if it returns one
 * @throws {Failure} when there is no shop
 */
export async function runOnCluster(sql: string, kubectl: Kubectl): Promise<string | undefined> {
	const { namespace } = kubectl;
	if (!(await kubectl.list('secrets', ...named(secretName.owner))).length)
		throw new Failure('environment', `There is no shop in the namespace ${namespace}. Name another with --namespace.`);
	const choices = await remembered(kubectl);
	const { database: chosen = defaults.database } = choices;
	if (chosen === 'external') {
		const { externalUrl } = await readSecrets(kubectl, { choices, before: choices });
		return runOn(externalUrl ?? '', sql);
	}
	const isOwn = chosen === defaults.database;
	if (isOwn) await checkPostgres(kubectl);
	const psql = ['psql', '-qtA', '-v', 'ON_ERROR_STOP=1', '-d', database.name, ...(isOwn ? ['-U', database.owner] : [])];
	const pod = isOwn ? [postgresPod] : [await primary(kubectl), '-c', 'postgres'];
	return (
		(await kubectl.run(['exec', '-i', ...pod, '-n', namespace, '--', ...psql], { input: sql })).trim() || undefined
	);
}

/** Returns the Pod of CloudNativePG that accepts writes. */
async function primary(kubectl: Kubectl): Promise<string> {
	const labels = `cnpg.io/cluster=${database.service},cnpg.io/instanceRole=primary`;
	const [found] = await kubectl.list('pods', '-l', labels);
	if (found) return found.metadata.name;
	throw new Failure(
		'notReady',
		'The database has no primary at the moment. Wait until it has: kubectl get clusters.postgresql.cnpg.io',
	);
}

/** Stores the first admin's password in its Secret, so that `bodega drill` and later deployments know it. */
export async function storePassword(password: string, kubectl: Kubectl): Promise<void> {
	const stored = completeSecrets({ adminPassword: password });
	await kubectl.apply(secrets([], stored).filter(({ metadata }) => metadata?.name === secretName.admin));
}
