import { randomBytes } from 'node:crypto';
import { argon2id, argon2Verify } from 'hash-wasm';

/** KiB, passes, lanes: OWASP's minimum for Argon2id (Password Storage Cheat Sheet); 50 to 80 ms on a core of 2020. */
const cost = { memorySize: 19_456, iterations: 2, parallelism: 1 };

/** A hash that no password matches. Verifying against it takes as long as against any other. */
const nobodys = `$argon2id$v=19$m=${cost.memorySize},t=${cost.iterations},p=${cost.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

let last: Promise<unknown> = Promise.resolve();

/** Runs hashing serially: twenty in parallel would need 400 MB, and an instance has 256 MB. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
	const result = last.then(work);
	last = result.catch(() => {});
	return result;
}

/** Normalizes a password, because keyboards differ in the code points of a character (NIST SP 800-63B, 5.1.1.2). */
const normal = (password: string): string => password.normalize('NFKC');

/** Returns an Argon2id hash with its salt and cost, as `$argon2id$v=19$m=…`. */
export const hashPassword = (password: string): Promise<string> =>
	inTurn(() =>
		argon2id({ ...cost, password: normal(password), salt: randomBytes(16), hashLength: 32, outputType: 'encoded' }),
	);

/** Returns whether a password matches a hash. Without a hash it returns false, after the same amount of work. */
export const isPassword = (password: string, hash: string | undefined): Promise<boolean> =>
	inTurn(() => argon2Verify({ password: normal(password), hash: hash ?? nobodys }));
