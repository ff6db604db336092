import { Failure } from '../kubectl/failure.ts';
import { type Kubectl, named } from '../kubectl/kubectl.ts';
import { postgresPod } from '../manifests/database/database.ts';

/** Checks that the Pod of the shop's own Postgres is ready. @throws {Failure} that says what to do if it is not */
export async function checkPostgres(kubectl: Kubectl): Promise<void> {
	const { namespace } = kubectl;
	const [pod] = await kubectl.list('pods', ...named(postgresPod));
	if (!pod)
		throw new Failure(
			'environment',
			`The shop's Postgres does not run in the namespace ${namespace}. Deploy the shop, or start it if it is stopped: npx bodega start -n ${namespace}`,
		);
	if (!pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'))
		throw new Failure(
			'notReady',
			`The shop's Postgres is not ready. See why: kubectl -n ${namespace} describe pod ${postgresPod}`,
		);
}
