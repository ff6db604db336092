import { SignJWT } from 'jose/jwt/sign';
import { accessToken } from '../../kit/auth/claims.ts';
import type { Queryable } from '../../kit/data/database.ts';
import type { User } from './api.ts';
import { current } from './signing-keys.ts';

/** Signs an access token of a session with the current key. Import this module lazily, because `jose` is slow to load. */
export async function sign(db: Queryable, { id, roles }: Pick<User, 'id' | 'roles'>, session: string) {
	const { kid, private_key } = await current(db);
	const { algorithm, issuer, audience, lifetime } = accessToken;
	const access_token = await new SignJWT({ roles, sid: session })
		.setProtectedHeader({ alg: algorithm, kid })
		.setIssuer(issuer)
		.setAudience(audience)
		.setSubject(id)
		.setIssuedAt()
		.setExpirationTime(`${lifetime}s`)
		.sign(private_key);
	return { access_token, token_type: 'Bearer' as const, expires_in: lifetime };
}
