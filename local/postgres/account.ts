import { spawnSync } from 'node:child_process';

/** The account Postgres runs as: a command to put before its programs, and the user id that owns its files. */
export type Account = { prefix: readonly string[]; uid: number };

const nobody = 65534;

/**
 * Postgres refuses to run as root. Both of these keep root's way into a checkout that only root may enter, such as one
 * under /root, with a user id that is not 0:
 * - a user namespace, in which root goes by another name;
 * - where those are denied, as in most containers: a system user that may pass file permissions. Without
 *   `no_setuid_fixup`, access(2), which initdb asks, would not count that capability.
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
 * Chooses the account that can run `program` and write to `directory`: this one, unless it is root.
 * @param candidates tried in this order when this user is root
 * @throws when this user is root and no other account can be had
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
		'Postgres does not run as root, and this system allows neither a user namespace (unshare) nor a change of user ' +
			'(setpriv). Start Bodega as an ordinary user, or set DATABASE_URL to a Postgres of your own.',
	);
}

/** The command and the arguments that run `program` as `account`. */
export function asAccount(account: Account, program: string, args: readonly string[]): [string, string[]] {
	const [command = program, ...rest] = [...account.prefix, program, ...args];
	return [command, rest];
}
