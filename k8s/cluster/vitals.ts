import { type Vitals, vitalsQuery } from '../../database/vitals.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { database, postgresPod } from '../manifests/database/database.ts';

/** Queries Postgres inside its Pod, so that no function is woken. Returns nothing when Postgres does not answer within 10 s. */
export async function readVitals(kubectl: Kubectl): Promise<Vitals | undefined> {
	const psql = ['psql', '-U', database.owner, '-d', database.name, '-X', '-A', '-t'];
	const pod = ['exec', '-i', postgresPod, '-n', kubectl.namespace, '-c', 'postgres', '--'];
	const { code, stdout } = await kubectl.attempt([...pod, ...psql], { input: vitalsQuery, limit: 10_000 });
	return code === 0 && stdout.trim() ? (JSON.parse(stdout) as Vitals) : undefined;
}
