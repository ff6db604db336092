import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';
import { line, text } from '../../kit/fields/text.ts';
import { pageQuery } from '../../kit/http/pagination.ts';

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

/** Lower case, because nearly every mail server ignores the case of addresses. RFC 5321 limits the length to 254. */
const email = z
	.string()
	.max(254)
	.regex(
		/^ *[A-Za-z0-9_'+-]+(\.[A-Za-z0-9_'+-]+)*@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,} *$/,
		'expected an e-mail address, like ada@example.com',
	)
	.trim()
	.toLowerCase();

/** Only the length is checked: composition rules make passwords worse (NIST SP 800-63B, 5.1.1.2). */
export const Password = text(8, 200);
const current_password = text(1, 200);

const NewUser = z.object({ email, name: line(200), password: Password }).meta({
	id: 'NewUser',
	examples: [{ email: 'ada@example.com', name: 'Ada', password: 'an analytical engine' }],
});

/** The token response of OAuth 2.0 (RFC 6749, 5.1). The refresh token is in a cookie that scripts cannot read. */
const AccessToken = z
	.object({
		access_token: z.string().describe('A JWT to send as `Authorization: Bearer …`.'),
		token_type: z.literal('Bearer'),
		expires_in: z.int().describe('The lifetime of the token, in seconds.'),
	})
	.meta({
		id: 'AccessToken',
		examples: [
			{ access_token: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMTk4In0.c2lnbmF0dXJl', token_type: 'Bearer', expires_in: 900 },
		],
	});

/** The client's address and protocol, as reported by proxies. */
const forwarded = { 'x-forwarded-for': z.string().optional(), 'x-forwarded-proto': z.string().optional() };
const cookie = { cookie: z.string().optional() };

export const api = contract('/api/users', {
	signUp: {
		method: 'POST',
		path: '/',
		summary: 'Creates an account; to sign in, send a separate request',
		headers: z.object(forwarded),
		body: NewUser,
		status: 201,
		returns: User,
		problems: [409, 429],
	},
	listUsers: {
		method: 'GET',
		path: '/',
		summary: 'Lists the accounts, in the order in which they were created',
		access: 'admin',
		query: pageQuery(z.guid()),
		returns: z.array(User),
	},
	getMe: {
		method: 'GET',
		path: '/me',
		summary: 'Returns the user of the access token',
		access: 'user',
		returns: User,
		problems: [404],
	},
	deleteMe: {
		method: 'DELETE',
		path: '/me',
		emits: ['account.deleted'],
		summary:
			'Deletes the account of the access token; needs its current password. Its to-do list is deleted, and its name is removed from its orders and invoices',
		access: 'user',
		headers: z.object(forwarded),
		body: z
			.object({ current_password })
			.meta({ id: 'AccountDeletion', examples: [{ current_password: 'an analytical engine' }] }),
		status: 204,
		problems: [403, 404, 409, 429],
	},
	changePassword: {
		method: 'PUT',
		path: '/me/password',
		summary: 'Changes the password of the account of the access token, and ends all its other sessions',
		access: 'user',
		headers: z.object(forwarded),
		body: z.object({ current_password, new_password: Password }).meta({
			id: 'PasswordChange',
			examples: [{ current_password: 'an analytical engine', new_password: 'a difference engine' }],
		}),
		status: 204,
		problems: [403, 404, 409, 429],
	},
	endSessions: {
		method: 'DELETE',
		path: '/me/sessions',
		summary:
			'Ends all sessions of the account of the access token; their last access tokens stay valid for up to 15 minutes',
		access: 'user',
		headers: z.object(forwarded),
		status: 204,
	},
	listKeys: {
		method: 'GET',
		path: '/jwks',
		summary: 'Returns the public keys that verify access tokens, as a JSON Web Key Set (RFC 7517)',
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
		summary:
			'Signs in: returns an access token valid for 15 minutes, and sets a cookie with a refresh token valid for 30 days',
		headers: z.object(forwarded),
		body: z
			.object({ email, password: text(1, 200) })
			.meta({ examples: [{ email: 'ada@example.com', password: 'an analytical engine' }] }),
		returns: AccessToken,
		problems: [401, 429],
	},
	refresh: {
		method: 'POST',
		path: '/session/refresh',
		summary:
			'Returns a new access token and sets a new refresh token cookie; reusing an old refresh token ends the session',
		headers: z.object({ ...forwarded, ...cookie, 'content-type': z.string().optional() }),
		returns: AccessToken,
		problems: [401, 415],
	},
	signOut: {
		method: 'DELETE',
		path: '/session',
		summary: 'Signs out: ends the session; its last access token stays valid for up to 15 minutes',
		headers: z.object({ ...forwarded, ...cookie }),
		status: 204,
	},
});
