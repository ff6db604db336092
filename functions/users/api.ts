import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { pageQuery } from '../../kit/http/page.ts';

export const User = z
	.object({
		id: z.uuid(),
		email: z.string(),
		name: z.string(),
		roles: z.array(z.enum(['admin', 'user'])),
		created_at: z.iso.datetime(),
	})
	.meta({
		id: 'User',
		examples: [
			{
				id: '0198c0de-0000-7000-8000-000000000001',
				email: 'ada@example.com',
				name: 'Ada',
				roles: ['user'],
				created_at: '2026-01-05T09:00:00.000Z',
			},
		],
	});
export type User = z.output<typeof User>;

/** Addresses that differ in case alone are one account's, as nearly every mail server has it. 254 is RFC 5321's limit. */
const email = z.string().trim().toLowerCase().max(254).pipe(z.email());

const NewUser = z
	.object({
		email,
		name: z.string().trim().min(1).max(200),
		/** No rules but a length: they make passwords worse (NIST SP 800-63B, 5.1.1.2). */
		password: z.string().min(8).max(200),
	})
	.meta({
		id: 'NewUser',
		examples: [{ email: 'ada@example.com', name: 'Ada', password: 'an analytical engine' }],
	});
export type NewUser = z.output<typeof NewUser>;

/** As OAuth 2.0 has it (RFC 6749, 5.1); the refresh token is in the cookie, where no script can read it. */
const AccessToken = z
	.object({
		access_token: z.string().describe('A JWT, for `Authorization: Bearer …`.'),
		token_type: z.literal('Bearer'),
		expires_in: z.int().describe('Seconds.'),
	})
	.meta({
		id: 'AccessToken',
		examples: [
			{ access_token: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMTk4In0.c2lnbmF0dXJl', token_type: 'Bearer', expires_in: 900 },
		],
	});

/** From whom proxies say that the request comes. */
const forwarded = { 'x-forwarded-for': z.string().optional(), 'x-forwarded-proto': z.string().optional() };
const cookie = { cookie: z.string().optional() };

export const api = contract('/api/users', {
	signUp: {
		method: 'POST',
		path: '/',
		summary: 'Makes an account; it signs in with a request of its own',
		headers: z.object(forwarded),
		body: NewUser,
		status: 201,
		returns: User,
		problems: [409, 429],
	},
	listUsers: {
		method: 'GET',
		path: '/',
		summary: 'The accounts, in the order they were made',
		access: 'admin',
		query: pageQuery(z.uuid()),
		returns: z.array(User),
	},
	getMe: {
		method: 'GET',
		path: '/me',
		summary: 'Whose access token it is',
		access: 'user',
		returns: User,
		problems: [404],
	},
	listKeys: {
		method: 'GET',
		path: '/jwks',
		summary: 'The public keys of access tokens, as a JSON Web Key Set (RFC 7517)',
		returns: z.object({ keys: z.array(z.looseObject({ kid: z.uuid(), kty: z.string() })) }).meta({
			examples: [
				{
					keys: [
						{
							kid: '0198c0de-0000-7000-8000-000000000001',
							kty: 'OKP',
							crv: 'Ed25519',
							x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
						},
					],
				},
			],
		}),
	},
	signIn: {
		method: 'POST',
		path: '/session',
		summary: 'Signs in: an access token for 15 minutes, and in a cookie a refresh token for 30 days',
		headers: z.object(forwarded),
		body: z
			.object({ email, password: z.string().min(1).max(200) })
			.meta({ examples: [{ email: 'ada@example.com', password: 'an analytical engine' }] }),
		returns: AccessToken,
		problems: [401, 429],
	},
	refresh: {
		method: 'POST',
		path: '/session/refresh',
		summary: 'A new access token, and a new refresh token in the cookie; a used one that comes again ends the session',
		headers: z.object({ ...forwarded, ...cookie, 'content-type': z.string().optional() }),
		returns: AccessToken,
		problems: [401, 415],
	},
	signOut: {
		method: 'DELETE',
		path: '/session',
		summary: 'Ends the session; its last access token lives on for up to 15 minutes',
		headers: z.object({ ...forwarded, ...cookie }),
		status: 204,
	},
});
