import { existsSync } from 'node:fs';
import { shop } from '../../shop.ts';
import { checkCluster } from '../cluster/cluster.ts';
import { Failure } from '../kubectl/failure.ts';
import { Kubectl } from '../kubectl/kubectl.ts';
import { sendFile } from '../kubectl/pod-files.ts';
import { step } from '../kubectl/progress.ts';
import { database, postgresPod } from '../manifests/database/database.ts';
import { counting, restoring } from '../manifests/database/restoring.ts';
import { checkOwnDatabase } from './backup.ts';
import { confirm } from './confirm.ts';
import { type DeployOptions, deploy } from './deploy.ts';
import { stopFunctions } from './stop.ts';

export interface RestoreOptions extends DeployOptions {
	/** Does not ask. */
	readonly yes?: boolean | undefined;
}

/** The databases beside the shop's: the one that is being restored, and the one that was there before. */
const names = { coming: `${database.name}_restored`, before: `${database.name}_before` } as const;

/**
 * Puts the data of a dump in place of those of the shop on the cluster. The dump is restored beside them, and only when that
 * has succeeded are the functions stopped, the databases exchanged, and everything deployed: the migration gives the roles
 * their passwords and rights. Until then the data of before are kept, so it may be interrupted and repeated.
 * @throws {Failure} that says what is in the way
 */
export async function restore(file: string, { yes, ...options }: RestoreOptions): Promise<void> {
	const { namespace = shop.namespace } = options;
	const kubectl = new Kubectl(namespace);
	if (!existsSync(file)) throw new Failure('usage', `There is no file ${file}.`);
	await step('cluster', () => checkCluster(kubectl));
	await checkOwnDatabase(kubectl);
	if (!(await kubectl.list('pods', '--field-selector', `metadata.name=${postgresPod}`)).length)
		throw new Failure(
			'usage',
			`No Postgres of the shop runs in the namespace ${namespace}. Open the shop first, with npx bodega deploy.`,
		);
	await confirm(
		yes,
		`Replace all data of the shop in the namespace ${namespace} by those of ${file}?`,
		'Nothing was changed.',
	);

	const counted = await bringBeside(kubectl, file);
	await step('functions stopped', () => stopFunctions(kubectl));
	await step('databases exchanged', () => exchange(kubectl));
	await deploy(options);
	await step('data of before removed', () => sql(kubectl, `drop database if exists ${names.before} with (force);`));
	process.stderr.write(`${counted}The accounts are the backup’s, the first admin’s password too.\n`);
}

/** Restores the dump into a database beside the shop's, while the shop goes on. @returns how many rows each table has */
async function bringBeside(kubectl: Kubectl, file: string): Promise<string> {
	const there = '/tmp/restore.dump';
	try {
		await step('copy', () => sendFile(kubectl, postgresPod, file, there));
		await sql(kubectl, `drop database if exists ${names.coming} with (force);`);
		const script = `set -euo pipefail\nexport PGUSER=${database.owner}\n${restoring(there, names.coming)}${counting(names.coming)}`;
		return await step('restored beside the shop’s data', async () => {
			const ran = await kubectl.attempt(inPostgres(kubectl, 'bash', '-c', script));
			if (ran.code === 0) return ran.stdout;
			await sql(kubectl, `drop database if exists ${names.coming} with (force);`);
			throw new Failure('usage', `${file} could not be restored, and nothing was changed:\n${ran.stderr.trim()}`);
		});
	} finally {
		await kubectl.attempt(['exec', postgresPod, '-n', kubectl.namespace, '--', 'rm', '-f', there]);
	}
}

/** Nobody is connected any more, and whoever tries meanwhile finds no database. The data of before are those that a repetition finds too. */
async function exchange(kubectl: Kubectl): Promise<void> {
	const there = (await sql(kubectl, 'select datname from pg_database;')).split('\n');
	const aside = there.includes(names.before)
		? `drop database ${database.name} with (force);`
		: `alter database ${database.name} rename to ${names.before};`;
	await sql(
		kubectl,
		`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database.name}';
		${there.includes(database.name) ? aside : ''}
		alter database ${names.coming} rename to ${database.name};`,
	);
	// The migrations of before have been done, but not here.
	await kubectl.run(['delete', 'jobs.batch', '-n', kubectl.namespace, '-l', 'app.kubernetes.io/component=migration']);
}

const sql = (kubectl: Kubectl, text: string): Promise<string> =>
	kubectl.run(
		inPostgres(kubectl, 'psql', '-v', 'ON_ERROR_STOP=1', '-U', database.owner, '-d', 'postgres', '-q', '-A', '-t'),
		text,
	);

/** By the socket within the pod, at which Postgres asks for no password. */
const inPostgres = ({ namespace }: Kubectl, ...command: readonly string[]): string[] => [
	...['exec', '-i', postgresPod, '-n', namespace, '--'],
	...command,
];
