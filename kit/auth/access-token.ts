import { JOSEError, JWTExpired } from 'jose/errors';
import { jwtVerify } from 'jose/jwt/verify';
import { shop } from '../../shop.ts';
import { unauthorized } from '../http/problem.ts';
import type { AccessKeys } from './access-keys.ts';
import { accessToken, type Claims } from './claims.ts';

/**
 * Import this module only when a token arrives, because loading `jose` would slow every cold start.
 * @throws {Problem} 401 when the token is invalid or has expired
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
			// The verifier chooses the algorithm, never the token (RFC 8725, 3.1).
			{ algorithms: [algorithm], issuer, audience, requiredClaims: ['sub', 'exp', 'roles'] },
		);
		return payload;
	} catch (error) {
		if (error instanceof JWTExpired)
			throw unauthorized(
				`The access token has expired. Get a new one with POST ${shop.signIn}/refresh, or sign in again.`,
				'invalid_token',
			);
		throw error instanceof JOSEError ? invalid() : error;
	}
}

const invalid = () =>
	unauthorized(
		`The bearer token is not an access token of this shop. Sign in with POST ${shop.signIn} to get one.`,
		'invalid_token',
	);
