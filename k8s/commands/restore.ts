import { existsSync } from 'node:fs';
import { functions } from '../../functions/index.ts';
import { Failure } from '../kubectl/failure.ts';
import { onInterrupt } from '../kubectl/interrupt.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { sendFile, sizeInPod } from '../kubectl/pod-files.ts';
import { followBytes, step } from '../kubectl/progress.ts';
import { database, postgresPod } from '../manifests/database/database.ts';
import { restoring } from '../manifests/database/restoring.ts';
import { checkOwnDatabase } from './backup.ts';
import { confirm } from './confirm.ts';
import { type DeployOptions, deploy } from './deploy.ts';
import { stopFunctions } from './stop.ts';

/** The databases next to the shop's: the one being restored, and the previous one. */
const names = { coming: `${database.name}_restored`, before: `${database.name}_before` } as const;

/**
 * Replaces the data of the shop on the cluster with a dump. Restores the dump into a second database first. If that
 * works, stops the functions, swaps the databases, and deploys, so that the migration gives the roles their passwords
 * and rights. Deletes the previous data only after the deployment, so it can be interrupted and repeated.
 * @throws {Failure} that says what is in the way
 */
export async function restore(
	kubectl: Kubectl,
	file: string,
	{ yes, ...options }: DeployOptions & { yes?: boolean },
): Promise<void> {
	const { namespace } = kubectl;
	if (!existsSync(file))
		throw new Failure('usage', `There is no file ${file}: expected a dump. To make one: npx bodega backup`);
	await checkOwnDatabase(kubectl);
	await confirm(
		yes,
		`Replace all data of the shop in the namespace ${namespace} with ${file}?`,
		'Nothing was changed.',
	);

	const counted = await bringBeside(kubectl, file);
	onInterrupt('The shop is stopped, and its old data are still there. Run the command again.');
	await step('functions stopped', () => stopFunctions(kubectl));
	await step('databases swapped', () => exchange(kubectl));
	await deploy({ ...options, namespace });
	await step('previous data deleted', () => sql(kubectl, `drop database if exists ${names.before} with (force);`));
	process.stderr.write(`${counted}All accounts are those of the backup, including the first admin’s password.\n`);
}

/** Restores the dump into a second database while the shop keeps running. @returns the number of rows of each table */
async function bringBeside(kubectl: Kubectl, file: string): Promise<string> {
	const there = '/tmp/restore.dump';
	const dropComing = `drop database if exists ${names.coming} with (force);`;
	try {
		await step('copy', (tell) =>
			followBytes(
				tell,
				() => sizeInPod(kubectl, postgresPod, there),
				() => sendFile(kubectl, postgresPod, file, there),
			),
		);
		await sql(kubectl, dropComing);
		const script = `set -euo pipefail\n${restoring(there, names.coming, functions)}`;
		const size = `select pg_database_size(oid) from pg_database where datname = '${names.coming}'`;
		return await step('restored next to the shop’s data', async (tell) => {
			const start = performance.now();
			const ran = await followBytes(
				tell,
				async () => Number((await sql(kubectl, size)) || Number.NaN),
				() => kubectl.attempt(inPostgres(kubectl, 'bash', '-c', script)),
			);
			if (ran.code === 0) return `${ran.stdout}${rowsPerSecond(ran.stdout, performance.now() - start)}\n`;
			await sql(kubectl, dropComing);
			throw new Failure('usage', `Could not restore ${file}. Nothing was changed:\n${ran.stderr.trim()}`);
		});
	} finally {
		await kubectl.cleanUp(['exec', postgresPod, '-n', kubectl.namespace, '--', 'rm', '-f', there]);
	}
}

/** Sums up the number of rows of each table, which the restore has printed. */
function rowsPerSecond(counted: string, milliseconds: number): string {
	const rows = [...counted.matchAll(/: (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
	return `${rows} rows, ${Math.round((rows * 1000) / milliseconds)} a second.`;
}

/**
 * Puts the restored database in the place of the shop's, after ending all connections to it. If a previous database is
 * left over from an interrupted run, keeps that one as the previous data and drops the current one.
 */
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
	// The completed migration Jobs ran on the previous database. Without them, the deployment runs a migration on this
	// one.
	await kubectl.run(['delete', 'jobs.batch', '-n', kubectl.namespace, '-l', 'app.kubernetes.io/component=migration']);
}

const sql = (kubectl: Kubectl, text: string): Promise<string> =>
	kubectl.run(
		inPostgres(kubectl, 'psql', '-v', 'ON_ERROR_STOP=1', '-U', database.owner, '-d', 'postgres', '-q', '-A', '-t'),
		{ input: text },
	);

/** Returns kubectl's arguments to run a command in Postgres's Pod, where its socket needs no password. */
function inPostgres({ namespace }: Kubectl, ...command: readonly string[]): string[] {
	return ['exec', '-i', postgresPod, '-n', namespace, '--', ...command];
}
