import { randomBytes } from 'node:crypto';
import { Failure } from '../../k8s/kubectl/failure.ts';
import { shop } from '../../shop.ts';
import { askPassword } from '../place/password.ts';
import { chooseDatabase, type Where } from '../place/place.ts';
import { runOnCluster, storePassword } from './cluster.ts';
import { runOnLaptop } from './laptop.ts';

export interface PasswordOptions extends Where {
	/** Asks for the new password on the terminal. */
	readonly ask?: boolean | undefined;
}

/** The lengths that the function for accounts accepts. */
const length = { least: 8, most: 200 };

/**
 * Gives an admin a new password, and ends the admin's sessions. Works without the old password, because it needs the rights of
 * the database's owner.
 * @param email the account's e-mail address
 * @throws {Failure} 2 when the password or the account is unsuitable, 3 when there is no shop
 */
export async function setAdminPassword(email: string, options: PasswordOptions, stop: AbortSignal): Promise<void> {
	const variable = options.ask ? undefined : process.env['ADMIN_PASSWORD'] || undefined;
	if (variable) check('ADMIN_PASSWORD', variable);
	const place = await chooseDatabase(options);
	const given = options.ask ? await ask(email, stop) : variable;
	const password = given ?? randomBytes(15).toString('base64url');
	const { passwordSql } = await import(`../../functions/${shop.accounts}/admin.ts`);
	const sql: string = await passwordSql(email.trim().toLowerCase(), password);
	const found = await ('kubectl' in place ? runOnCluster(sql, place.kubectl) : runOnLaptop(sql, place));
	if (!found)
		throw new Failure(
			'usage',
			`No admin has the e-mail address ${email}. Nothing was changed. Give the admin's address.`,
		);
	if ('kubectl' in place && found === shop.firstAdmin) await storePassword(password, place.kubectl);
	process.stdout.write(`${found}; ${given ? 'it has the new password' : `password: ${password} (shown only now)`}\n`);
	process.stderr.write('Its sessions have ended. Their last access tokens stay valid for up to 15 minutes.\n');
}

/** Asks for the new password on the terminal, twice. @throws {Failure} when it is unsuitable */
async function ask(email: string, stop: AbortSignal): Promise<string> {
	const password = await askPassword(`New password of ${email}: `, stop, 'Leave out --ask, or set ADMIN_PASSWORD');
	check('The password', password);
	if ((await askPassword('The same again: ', stop, '')) !== password)
		throw new Failure('usage', 'The two passwords differ. Nothing was changed; run the command again.');
	return password;
}

/** @throws {Failure} when the password has the wrong length */
function check(name: string, { length: found }: string): void {
	if (found < length.least || found > length.most)
		throw new Failure('usage', `${name} has ${found} characters: expected ${length.least} to ${length.most}.`);
}
