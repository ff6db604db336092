import { JOSEError, JWTExpired } from 'jose/errors';
import { jwtVerify } from 'jose/jwt/verify';
import { shop } from '../../shop.ts';
import { unauthorized } from '../http/problem.ts';
import type { AccessKeys } from './access-keys.ts';
import { accessToken, type Claims } from './claims.ts';

/**
 * Reads an access token that users has signed. Loaded with the first token there is: `jose` would weigh on every cold start.
 * @throws {Problem} 401 when it is anything else, or has expired
 */
export async function verify(token: string, keys: AccessKeys): Promise<Claims> {
	const { algorithm, issuer, audience } = accessToken;
	try {
		const { payload } = await jwtVerify<Claims>(
			token,
			async ({ kid }) => {
				const key = kid === undefined ? undefined : await keys.find(kid);
				if (!key) throw invalid();
				return key;
			},
			// The algorithm is ours to say, never the token's (RFC 8725, 3.1).
			{ algorithms: [algorithm], issuer, audience, requiredClaims: ['sub', 'exp', 'roles'] },
		);
		return payload;
	} catch (error) {
		if (error instanceof JWTExpired)
			throw unauthorized(
				`The access token has expired. Ask for a new one with POST ${shop.signIn}/refresh, or sign in again.`,
				'invalid_token',
			);
		throw error instanceof JOSEError ? invalid() : error;
	}
}

const invalid = () =>
	unauthorized(
		`The bearer token is no access token of this shop. Sign in with POST ${shop.signIn} to get one.`,
		'invalid_token',
	);
