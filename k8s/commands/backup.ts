import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { functions } from '../../functions/index.ts';
import { withNightly } from '../cluster/claims/nightly.ts';
import { checkPostgres } from '../cluster/postgres-pod.ts';
import { remembered } from '../cluster/stored-choices.ts';
import { Failure } from '../kubectl/failure.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { fetchFile, sizeInPod } from '../kubectl/pod-files.ts';
import { bytesText, followBytes, printResult, rateText, step } from '../kubectl/progress.ts';
import { defaults } from '../manifests/choices.ts';
import { database, postgresPod } from '../manifests/database/database.ts';
import { dumpOptions, lockPatience } from '../manifests/database/dumping.ts';

interface BackupOptions {
	readonly json?: boolean | undefined;
	readonly output?: string | undefined;
	/** Fetches a nightly dump instead of making a new one: the dump of this date, or the newest. */
	readonly nightly?: string | boolean | undefined;
}

/** Checks that the shop's own Postgres is running; dumps exist only for that. @throws {Failure} when it is not */
export async function checkOwnDatabase(kubectl: Kubectl): Promise<void> {
	const { database: chosen = defaults.database } = await remembered(kubectl);
	if (chosen !== defaults.database)
		throw new Failure('usage', `The database is ${chosen}. Back it up and restore it with the tools of its operator.`);
	await checkPostgres(kubectl);
}

/** Dumps the cluster's database into a file. The file appears only when the dump is complete. @throws {Failure} */
export async function backup(kubectl: Kubectl, { output, nightly, json }: BackupOptions): Promise<void> {
	const { namespace } = kubectl;
	const file = output ?? `${namespace}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.dump`;
	if (existsSync(file)) throw new Failure('usage', `The file ${file} exists already. Choose another with --output.`);
	await checkOwnDatabase(kubectl);
	const part = `${file}.part`;
	rmSync(part, { force: true });
	const start = performance.now();
	try {
		if (nightly) await withNightly(kubectl, nightly, (pod, path) => fetchFile(kubectl, pod, path, part));
		else await dump(kubectl, part);
		renameSync(part, file);
	} finally {
		rmSync(part, { force: true });
	}
	const { size: bytes } = statSync(file);
	const time = performance.now() - start;
	printResult(
		{ namespace, file, bytes, seconds: Math.round(time / 100) / 10 },
		() => `${file}: ${bytesText(bytes)}, ${rateText(bytes, time)}. To restore it: npx bodega restore ${file}\n`,
		json,
	);
}

async function dump(kubectl: Kubectl, to: string): Promise<void> {
	const there = `/tmp/backup-${process.pid}.dump`;
	const name = `bodega-backup-${process.pid}`;
	const inPod = ['exec', postgresPod, '-n', kubectl.namespace, '--'];
	const options = [...dumpOptions(functions), `--username=${database.owner}`, `--file=${there}`];
	try {
		await step('dump', async (tell) => {
			const connection = `dbname=${database.name} application_name=${name}`;
			const work = () => kubectl.attempt([...inPod, 'pg_dump', ...options, `--dbname=${connection}`]);
			const { code, stderr } = await followBytes(tell, () => sizeInPod(kubectl, postgresPod, there), work);
			if (code !== 0) throw await failed(kubectl, stderr);
		});
		await step('copy', (tell) =>
			followBytes(
				tell,
				async () => (await stat(to)).size,
				() => fetchFile(kubectl, postgresPod, there, to),
			),
		);
	} finally {
		// After an interrupt pg_dump is still running in the Pod.
		const end = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${name}'`;
		const psql = `psql --username=${database.owner} --dbname=${database.name} --quiet --command="${end}"`;
		await kubectl.cleanUp([...inPod, 'sh', '-c', `${psql}; rm -f ${there}`]);
	}
}

async function failed(kubectl: Kubectl, stderr: string): Promise<Failure> {
	if (/LOCK TABLE/.test(stderr))
		return new Failure(
			'notReady',
			`A table is locked, and pg_dump waited ${lockPatience} s for it. End what holds the lock, then try again. ` +
				`To find it: kubectl -n ${kubectl.namespace} exec ${postgresPod} -- psql -U ${database.owner} -d ${database.name} -c "select pid, application_name, state, query from pg_stat_activity where pid in (select pid from pg_locks where mode = 'AccessExclusiveLock')"`,
		);
	return await kubectl.failure('Could not dump the database', stderr);
}
