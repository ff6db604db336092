import * as z from 'zod';
import { Problem } from '../http/problem.ts';

/** The header with which a client can repeat a request whose outcome it does not know (draft-ietf-httpapi-idempotency-key-header). */
export const IdempotencyKey = z
	.string()
	.min(1)
	.max(255)
	.optional()
	.describe(
		'Repeating a request with the same key carries it out once, and returns the same result (draft-ietf-httpapi-idempotency-key-header). Each account has its own keys; customers without an account share theirs.',
	);

/**
 * Returns the stored form of a key. An account's begins with its id and a line feed, which no header can contain, so no
 * account can find out what another has requested.
 */
export const storedKey = (key: string, account: string | undefined): string =>
	account === undefined ? key : `${account}\n${key}`;

/** Returns the problem of a key that was used before, for something else. */
export const usedKey = (what: string): Problem =>
	// Customers without an account share their keys, so the answer says nothing about the other request.
	new Problem(422, `This Idempotency-Key was used for a different ${what}. Use a new key for a new ${what}.`, {
		errors: [{ field: 'headers.idempotency-key', detail: `used for a different ${what}` }],
	});
