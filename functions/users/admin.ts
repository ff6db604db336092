import { hashPassword } from '../../kit/auth/password.ts';

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Returns SQL that gives an admin's account a new password, ends its sessions and stops counting its failed sign-ins. It runs
 * as the database's owner, and its only output is the account's e-mail address, if there is such an admin. It contains the
 * hash and not the password, because it can end up in the database's log.
 */
export async function passwordSql(email: string, password: string): Promise<string> {
	const account = literal(email);
	const isAdmin = `email = ${account} and 'admin' = any (roles)`;
	return [
		'begin',
		`update users.users set password_hash = ${literal(await hashPassword(password))} where ${isAdmin}`,
		// Another statement, so that it sees a session that was begun while the update waited.
		`delete from users.sessions where user_id in (select id from users.users where ${isAdmin})`,
		`delete from users.attempt_counts where account in (select sha256(convert_to(email, 'UTF8')) from users.users where ${isAdmin})`,
		'commit',
		`select email from users.users where ${isAdmin};`,
	].join(';\n');
}
