import { shop } from '../../shop.ts';

export type Role = (typeof shop.roles)[number];

/** What an access token says of who bears it. */
export interface Claims {
	/** The user's id, a UUID. */
	readonly sub: string;
	readonly roles: readonly Role[];
}

/** What holds for every access token: signed with Ed25519 (RFC 8037) by users, for the functions of the shop, for 15 minutes. */
export const accessToken = {
	algorithm: 'EdDSA',
	issuer: `/functions/${shop.accounts}`,
	audience: shop.name,
	/** Seconds. */
	lifetime: 900,
} as const;
