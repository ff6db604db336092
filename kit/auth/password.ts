import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** KiB, passes, lanes: OWASP's minimum for Argon2id (Password Storage Cheat Sheet); 50 to 80 ms on a core of 2020. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 };

/** The lengths of the salt and of the hash, in bytes (RFC 9106, 4). */
const length = { salt: 16, hash: 32 };

let last: Promise<unknown> = Promise.resolve();

/**
 * Hashes in a thread of libuv's pool, so that the event loop serves other requests meanwhile. Hashes serially, because
 * parallel hashes would take the processor from those requests: a container has one.
 */
function hash(parameters: Argon2Parameters): Promise<Buffer> {
	const result = last.then(() => promisify(argon2)('argon2id', parameters));
	last = result.catch(() => {});
	return result;
}

/** Normalizes a password, because keyboards differ in the code points of a character (NIST SP 800-63B, 5.1.1.2). */
const normal = (password: string): string => password.normalize('NFKC');

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** Returns the PHC string of a hash: `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`. */
function encode({ memory, passes, parallelism }: typeof cost, salt: Buffer, hashed: Buffer): string {
	return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(hashed)}`;
}

/** A hash that no password matches. Verifying against it takes as long as against any other. */
const nobodys = encode(cost, Buffer.alloc(length.salt), Buffer.alloc(length.hash));

/** Returns an Argon2id hash with its salt and cost, as a PHC string. */
export async function hashPassword(password: string): Promise<string> {
	const nonce = randomBytes(length.salt);
	return encode(cost, nonce, await hash({ ...cost, message: normal(password), nonce, tagLength: length.hash }));
}

const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([\w+/-]{11,86})\$([\w+/-]{6,171})$/;

/**
 * Returns whether a password matches a hash, which can have another cost than new ones. Without a hash it returns false,
 * after the same amount of work.
 */
export async function isPassword(password: string, stored = nobodys): Promise<boolean> {
	const [, memory, passes, parallelism, salt, hashed] = phc.exec(stored) ?? [];
	if (salt === undefined || hashed === undefined)
		throw new Error('the stored password hash is no PHC string of Argon2id, version 19');
	const wanted = Buffer.from(hashed, 'base64');
	const found = await hash({
		memory: Number(memory),
		passes: Number(passes),
		parallelism: Number(parallelism),
		message: normal(password),
		nonce: Buffer.from(salt, 'base64'),
		tagLength: wanted.length,
	});
	return timingSafeEqual(found, wanted);
}
