import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { functions } from '../../functions/index.ts';
import { shop } from '../../shop.ts';
import { checkCluster } from '../cluster/check.ts';
import { withNightly } from '../cluster/nightly.ts';
import { remembered } from '../cluster/stored-choices.ts';
import { Failure } from '../kubectl/failure.ts';
import { Kubectl } from '../kubectl/kubectl.ts';
import { fetchFile } from '../kubectl/pod-files.ts';
import { printResult, type ReportOptions, step } from '../kubectl/progress.ts';
import { defaults } from '../manifests/choices.ts';
import { database, postgresPod } from '../manifests/database/database.ts';
import { dumpOptions } from '../manifests/database/dumping.ts';

interface BackupOptions extends ReportOptions {
	readonly output?: string | undefined;
	/** Fetches a nightly dump instead of making a new one: the dump of this date, or the newest. */
	readonly nightly?: string | boolean | undefined;
}

/** Checks that the shop runs its own Postgres; dumps exist only for that. @throws {Failure} when another is chosen */
export async function checkOwnDatabase(kubectl: Kubectl): Promise<void> {
	const { database: chosen = defaults.database } = await remembered(kubectl);
	if (chosen !== defaults.database)
		throw new Failure('usage', `The database is ${chosen}. Back it up and restore it with the tools of its operator.`);
}

/** Dumps the cluster's database into a file. The file appears only when the dump is complete. @throws {Failure} */
export async function backup({ namespace = shop.namespace, output, nightly, json }: BackupOptions): Promise<void> {
	const kubectl = new Kubectl(namespace);
	const file = output ?? `${namespace}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.dump`;
	if (existsSync(file)) throw new Failure('usage', `The file ${file} exists already. Choose another with --output.`);
	await step('cluster', () => checkCluster(kubectl));
	await checkOwnDatabase(kubectl);
	const part = `${file}.part`;
	rmSync(part, { force: true });
	try {
		if (nightly) await withNightly(kubectl, nightly, (pod, path) => fetchFile(kubectl, pod, path, part));
		else await dump(kubectl, part);
		renameSync(part, file);
	} finally {
		rmSync(part, { force: true });
	}
	const { size: bytes } = statSync(file);
	printResult(
		{ namespace, file, bytes },
		() => `${file}: ${bytes} bytes. To restore it: npx bodega restore ${file}\n`,
		json,
	);
}

async function dump(kubectl: Kubectl, to: string): Promise<void> {
	const there = `/tmp/backup-${process.pid}.dump`;
	const inPod = ['exec', postgresPod, '-n', kubectl.namespace, '--'];
	const options = [...dumpOptions(functions), `--username=${database.owner}`, `--file=${there}`];
	try {
		await step('dump', () => kubectl.run([...inPod, 'pg_dump', ...options, database.name]));
		await step('copy', () => fetchFile(kubectl, postgresPod, there, to));
	} finally {
		await kubectl.attempt([...inPod, 'rm', '-f', there]);
	}
}
