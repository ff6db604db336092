import { randomBytes } from 'node:crypto';
import { Failure } from '../../k8s/kubectl/failure.ts';
import { shop } from '../../shop.ts';
import { interruptible } from '../interrupt.ts';
import { askPassword } from '../password.ts';
import { runOnCluster, storePassword } from './cluster.ts';
import { runOnLaptop } from './laptop.ts';

export interface PasswordOptions {
	readonly on: 'laptop' | 'cluster';
	/** Asks for the new password on the terminal. */
	readonly ask?: boolean | undefined;
	/** Data folder of a shop on this machine. */
	readonly data: string;
	/** Namespace of a shop on a cluster. */
	readonly namespace: string;
}

/** The lengths that the function for accounts accepts. */
const length = { least: 8, most: 200 };

/**
 * Gives an admin a new password, and ends the admin's sessions. Works without the old password, because it needs the rights of
 * the database's owner.
 * @param email the account's e-mail address
 * @throws {Failure} 2 when the password or the account is unsuitable, 3 when there is no shop
 */
export function setAdminPassword(email: string, options: PasswordOptions): Promise<number> {
	return interruptible(async (stop) => {
		const given = await givenPassword(email, options, stop);
		const password = given ?? randomBytes(15).toString('base64url');
		const { passwordSql } = await import(`../../functions/${shop.accounts}/admin.ts`);
		const sql: string = await passwordSql(email.trim().toLowerCase(), password);
		const found = await (options.on === 'cluster' ? runOnCluster(sql, options) : runOnLaptop(sql, options));
		if (!found)
			throw new Failure(
				'usage',
				`No admin has the e-mail address ${email}. Nothing was changed. Give the admin's address.`,
			);
		if (options.on === 'cluster' && found === shop.firstAdmin) await storePassword(password, options);
		process.stdout.write(`${found}; ${given ? 'it has the new password' : `password: ${password} (shown only now)`}\n`);
		process.stderr.write('Its sessions have ended. Their last access tokens stay valid for up to 15 minutes.\n');
		return 0;
	});
}

/** Returns the password that the operator gives, if any. @throws {Failure} when it has the wrong length */
async function givenPassword(email: string, { ask }: PasswordOptions, stop: AbortSignal): Promise<string | undefined> {
	const from = ask ? 'The password' : 'ADMIN_PASSWORD';
	const password = ask
		? await askPassword(`New password of ${email}: `, stop, 'Leave out --ask, or set ADMIN_PASSWORD')
		: process.env['ADMIN_PASSWORD'];
	if (!ask && !password) return undefined;
	const found = password?.length ?? 0;
	if (found < length.least || found > length.most)
		throw new Failure('usage', `${from} has ${found} characters: expected ${length.least} to ${length.most}.`);
	if (ask && (await askPassword('The same again: ', stop, '')) !== password)
		throw new Failure('usage', 'The two passwords differ. Nothing was changed; run the command again.');
	return password;
}
