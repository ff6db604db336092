import { shop } from '../../shop.ts';

export type Role = (typeof shop.roles)[number];

export interface Claims {
	/** The user's id, a UUID. */
	readonly sub: string;
	readonly roles: readonly Role[];
}

/** The properties of every access token. users signs it with Ed25519 (RFC 8037) for the functions of the shop. */
export const accessToken = {
	algorithm: 'EdDSA',
	issuer: `/functions/${shop.accounts}`,
	audience: shop.name,
	/** In seconds: 15 minutes. */
	lifetime: 900,
} as const;
