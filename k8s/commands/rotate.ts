import { newSecret } from '../../database/roles.ts';
import { functions } from '../../functions/index.ts';
import { shop } from '../../shop.ts';
import { checkCluster } from '../cluster/check.ts';
import { checkPostgres } from '../cluster/postgres-pod.ts';
import { remembered } from '../cluster/stored-choices.ts';
import { Failure } from '../kubectl/failure.ts';
import { onInterrupt } from '../kubectl/interrupt.ts';
import { Kubectl, named } from '../kubectl/kubectl.ts';
import { step } from '../kubectl/progress.ts';
import { readSecrets } from '../kubectl/stored-secrets.ts';
import { defaults } from '../manifests/choices.ts';
import { database, postgresPod } from '../manifests/database/database.ts';
import { secretName, secrets } from '../manifests/secret.ts';
import { type DeployOptions, deploy } from './deploy.ts';

/**
 * Gives each function's role a new password, by a new secret, and the owner of the shop's own Postgres too. Then deploys, so
 * that every function restarts with its new password. A Postgres role has only one password at a time, so for a few seconds
 * requests that need a new connection are answered with 503, and event deliveries are retried.
 */
export async function rotate(options: DeployOptions): Promise<void> {
	const { namespace = shop.namespace } = options;
	const kubectl = new Kubectl(namespace);
	await checkCluster(kubectl);
	if (!(await kubectl.list('secrets', ...named(secretName.owner))).length)
		throw new Failure('usage', `There is no shop in the namespace ${namespace}, so there are no passwords to rotate.`);
	const choices = await remembered(kubectl);
	const stored = { ...(await readSecrets(kubectl, { choices, before: choices })), roleSecret: newSecret() };
	if (choices.database && choices.database !== defaults.database) {
		// Its owner's password is changed where it runs, and stored by the next `bodega deploy --database`.
		await step('passwords of the functions’ roles changed', () => kubectl.apply(secrets(functions, stored, choices)));
		return await deploy(options);
	}
	await checkPostgres(kubectl);
	const password = newSecret();
	onInterrupt('Some passwords are changed, and others are not. Run the command again.');
	await step('passwords of the database’s owner and of the functions’ roles changed', async () => {
		// Connects through the socket in the Pod, which needs no password. So this works after an interrupted run too.
		const psql = ['psql', '-v', 'ON_ERROR_STOP=1', '-U', database.owner, '-d', database.name];
		const pod = ['exec', '-i', postgresPod, '-n', namespace, '--'];
		await kubectl.run([...pod, ...psql], { input: `alter role ${database.owner} password '${password}';` });
		await kubectl.apply(secrets(functions, { ...stored, ownerPassword: password }, choices));
	});
	await deploy(options);
}
