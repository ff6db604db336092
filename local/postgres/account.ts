import { spawnSync } from 'node:child_process';

/** The account that runs Postgres: a command prefix for its programs, and the user id that owns its files. */
export interface Account {
	readonly prefix: readonly string[];
	readonly uid: number;
}

const nobody = 65534;

/**
 * Accounts for a start as root, because Postgres refuses to run as root. Both can still read a checkout that only root
 * can enter, such as one under /root, and both have a user id other than 0:
 * - a user namespace, which maps root to another user id;
 * - where namespaces are denied, as in most containers: a system user with the capability to bypass file permissions.
 * Without `no_setuid_fixup`, access(2), which initdb calls, would ignore that capability.
 */
const insteadOfRoot: readonly Account[] = [
	{ prefix: ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`], uid: 0 },
	{
		prefix: [
			...['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'],
			...['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'],
		],
		uid: nobody,
	},
];

/**
 * Chooses an account that can run `program` and write to `directory`. Any user but root uses their own.
 * @param candidates tried in this order when this user is root
 * @throws when this user is root and no candidate works
 */
export function chooseAccount(program: string, directory: string, candidates = insteadOfRoot): Account {
	const uid = process.geteuid?.() ?? 0;
	if (uid !== 0) return { prefix: [], uid };
	const account = candidates.find(({ prefix }) => {
		const [command, args] = asAccount({ prefix, uid }, 'sh', [
			'-c',
			'test -w "$1" && "$0" --version',
			program,
			directory,
		]);
		return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
	});
	if (account) return account;
	throw new Error(
		'Postgres refuses to run as root, and this system allows neither a user namespace (unshare) nor a change of user ' +
			'(setpriv). Start Bodega as an ordinary user, or set DATABASE_URL to your own Postgres.',
	);
}

/** Returns the command and arguments that run `program` as `account`. */
export function asAccount(account: Account, program: string, args: readonly string[]): [string, string[]] {
	const [command = program, ...rest] = [...account.prefix, program, ...args];
	return [command, rest];
}
