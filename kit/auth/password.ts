import { randomBytes } from 'node:crypto';
import { argon2id, argon2Verify } from 'hash-wasm';

/** KiB, passes, lanes: what OWASP's Password Storage Cheat Sheet asks of Argon2id at least; 50 to 80 ms on a core of 2020. */
const cost = { memorySize: 19_456, iterations: 2, parallelism: 1 };

/** A hash that no password has, and that takes as long to compare with as any other. */
const nobodys = `$argon2id$v=19$m=${cost.memorySize},t=${cost.iterations},p=${cost.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

let last: Promise<unknown> = Promise.resolve();

/** One at a time: twenty at once would hold 400 MB, and an instance has 256. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
	const result = last.then(work);
	last = result.catch(() => {});
	return result;
}

/** The same characters may be typed as different code points, so they are made the same (NIST SP 800-63B, 5.1.1.2). */
const normal = (password: string): string => password.normalize('NFKC');

/** An Argon2id hash with its salt and cost, as `$argon2id$v=19$m=…`. */
export const hashPassword = (password: string): Promise<string> =>
	inTurn(() =>
		argon2id({ ...cost, password: normal(password), salt: randomBytes(16), hashLength: 32, outputType: 'encoded' }),
	);

/** Whether this is the password; without a hash it never is, after as much work. */
export const isPassword = (password: string, hash: string | undefined): Promise<boolean> =>
	inTurn(() => argon2Verify({ password: normal(password), hash: hash ?? nobodys }));
