import { shop } from '../../shop.ts';

export type Role = (typeof shop.roles)[number];

export interface Claims {
	/** The user's id, a UUID. */
	readonly sub: string;
	readonly roles: readonly Role[];
	/** The id of the session (OpenID Connect Front-Channel Logout 1.0, 3). Absent in tokens of earlier versions. */
	readonly sid?: string;
}

/** The properties of every access token. users signs it with Ed25519 (RFC 8037) for the functions of the shop. */
export const accessToken = {
	algorithm: 'EdDSA',
	issuer: `/functions/${shop.accounts}`,
	audience: shop.name,
	/** In seconds: 15 minutes. */
	lifetime: 900,
} as const;
