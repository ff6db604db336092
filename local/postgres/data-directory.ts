import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newSecret } from '../../database/roles.ts';
import { guard } from '../../kit/process/guard.ts';
import { isAlive } from '../running.ts';
import { type Account, asAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import { storedSecret } from './stored-secret.ts';

/** A PostgreSQL database cluster on disk, and its superuser's password. */
export interface DataDirectory {
	readonly data: string;
	readonly password: string;
}

/** The environment of all Postgres programs: no PG* settings of the user, and messages in English. */
export const environment = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };

/** Runs a program that ends with this process. */
function run(...[program, args, options]: [...ReturnType<typeof asAccount>, { env?: NodeJS.ProcessEnv }]) {
	const running = promisify(execFile)(program, args, options);
	guard(running.child);
	return running;
}

/**
 * Creates the cluster in `directory` if there is none: `data`, with the superuser and the database `bodega`, and next
 * to it `password`. Two processes can call this in parallel.
 * @param sync whether new files must be flushed to disk
 * @throws when the cluster belongs to another major version or user, or when its password is missing
 */
export async function prepareDataDirectory(
	directory: string,
	binaries: Binaries,
	account: Account,
	sync: boolean,
): Promise<DataDirectory> {
	const data = join(directory, 'data');
	const passwordFile = join(directory, 'password');
	removeAbandoned(directory);
	if (!isComplete(data)) {
		if (existsSync(data)) renameSync(data, join(directory, `data.incomplete-${Date.now()}`));
		storedSecret(passwordFile, newSecret);
		await create(data, passwordFile, binaries, account, sync);
	}
	if (!existsSync(passwordFile)) {
		throw new Error(`${passwordFile} is missing. Restore it, or remove ${directory} to start with empty data.`);
	}
	checkVersion(data, binaries.major);
	await checkOwner(data, account);
	return { data, password: readFileSync(passwordFile, 'utf8').trim() };
}

/** Checks that there are data, because a restart must not replace data that are only out of reach for a while. */
export function expectComplete(directory: string): void {
	const data = join(directory, 'data');
	if (!isComplete(data)) throw new Error(`the data in ${data} are missing or incomplete`);
}

function isComplete(data: string): boolean {
	return existsSync(join(data, 'PG_VERSION')) && existsSync(join(data, 'global/pg_control'));
}

/** Runs initdb in a sibling folder and renames it to `data` when it is complete, so `data` is never partial. */
async function create(data: string, passwordFile: string, binaries: Binaries, account: Account, sync: boolean) {
	const fresh = mkdtempSync(`${data}.new-${process.pid}-`);
	try {
		if (process.geteuid?.() === 0) chownSync(fresh, account.uid, account.uid);
		const text = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
		const access = ['--username=bodega', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
		const initdb = [`--pgdata=${fresh}`, ...text, ...access, '--no-instructions', ...(sync ? [] : ['--no-sync'])];
		await run(...asAccount(account, binaries.initdb, initdb), { env: environment });
		// Single-user mode needs no server. The database is part of every complete cluster, so later starts need no
		// check.
		const alone = ['--single', '-D', fresh, '-c', 'exit_on_error=on', '-c', `fsync=${sync}`, 'template1'];
		const statement = run(...asAccount(account, binaries.postgres, alone), { env: environment });
		statement.child.stdin?.end('CREATE DATABASE bodega\n');
		await statement;
		renameSync(fresh, data);
	} catch (cause) {
		rmSync(fresh, { recursive: true, force: true });
		if (isComplete(data)) return; // another process was faster
		throw new Error(`Postgres could not create its data directory ${data}: ${(cause as Error).message}`, { cause });
	}
}

/** Removes the partial folders of killed initdb runs, except those of running processes. */
function removeAbandoned(directory: string): void {
	for (const name of readdirSync(directory)) {
		const maker = /^data\.new-(\d+)-/.exec(name)?.[1];
		if (!maker || isAlive(Number(maker))) continue;
		try {
			rmSync(join(directory, name), { recursive: true, force: true });
		} catch {
			// Its initdb briefly outlives its parent and can still write there. The next start removes the folder.
		}
	}
}

function checkVersion(data: string, wanted: string): void {
	const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
	if (found === wanted) return;
	throw new Error(
		`The data in ${data} is of Postgres ${found}, and this is Postgres ${wanted}. Migrate it with the pg_dump of ` +
			`Postgres ${found}, or move the directory away to start with empty data.`,
	);
}

/**
 * Checks that `account` owns the data. Root can have started Bodega with another account before, and then changes the
 * owner. All other users' data stay theirs.
 */
async function checkOwner(data: string, account: Account): Promise<void> {
	const { uid } = statSync(data);
	if (uid === account.uid) return;
	if (process.geteuid?.() === 0 && (uid === 0 || uid === 65534)) {
		await run('chown', ['-R', `${account.uid}:${account.uid}`, data], {});
		return;
	}
	throw new Error(
		`The data in ${data} belongs to the user with id ${uid}. Start Bodega as that user, or remove the directory to ` +
			'start with empty data.',
	);
}
