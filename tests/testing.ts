import { createPrivateKey, type JsonWebKey, randomUUID, sign } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { inject, onTestFinished, vi } from 'vitest';
import { attributeOf, dataschemaOf, type EventData, type EventType } from '../eventing/catalog/catalog.ts';
import { sourceOf } from '../eventing/outbox.ts';
import { accessToken, type Role } from '../kit/auth/claims.ts';
import { readConfig, type Variable } from '../kit/declare/config.ts';
import { type Declaration, eventsTarget } from '../kit/declare/declare.ts';
import { createServerFor, type Handlers } from '../kit/serve/target-server.ts';
import { roleUrl } from './run/owner.ts';

/** Returns a JWT of these claims, signed with the key in the tests' databases; `header` and `key` make invalid ones. */
export function signed(claims: object, header: object = {}, key: JsonWebKey = inject('signingKey')): string {
	const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
	const text = `${encoded({ alg: 'EdDSA', kid: key['kid'], ...header })}.${encoded(claims)}`;
	const signature = sign(null, Buffer.from(text), createPrivateKey({ key, format: 'jwk' }));
	return `${text}.${signature.toString('base64url')}`;
}

/** Returns the claims of an access token as the function `users` issues it. */
export const claimsOf = (id: string, roles: readonly Role[]) => ({
	iss: accessToken.issuer,
	aud: accessToken.audience,
	sub: id,
	roles,
	exp: Math.floor(Date.now() / 1000) + accessToken.lifetime,
});

const as = (id: string, roles: readonly Role[]) => ({ authorization: `Bearer ${signed(claimsOf(id, roles))}` });

/** Returns the headers of a signed-in user, with a new id by default. */
export const asUser = (id: string = randomUUID()) => as(id, ['user']);
export const asAdmin = as(randomUUID(), ['admin', 'user']);

let postgres: Promise<string> | undefined;

/** Returns the superuser's URL of the Postgres of this run. */
export async function postgresUrl(): Promise<string> {
	const ask = async (): Promise<string> => {
		const answer = await fetch(`${inject('services')}/postgres`);
		if (!answer.ok) throw new Error(`Postgres could not be started for the tests: ${await answer.text()}`);
		return await answer.text();
	};
	postgres ??= ask();
	return await postgres;
}

/** Copies the migrated database for one test, and returns the owner's URL of the copy. */
export async function freshDatabase(): Promise<string> {
	const url = new URL(await postgresUrl());
	const sql = (text: string) => asOwner(url.href, (db) => db.query(text));
	const name = `test_${randomUUID().replaceAll('-', '')}`;
	// `file_copy` takes an eighth of the time of the default, which writes each block to the write-ahead log.
	await sql(`create database ${name} template template_bodega strategy file_copy`);
	onTestFinished(async () => void (await sql(`drop database ${name} with (force)`)));
	// A copy has not the rights of its template: everyone may connect to it and create temporary tables.
	await sql(`do $$ declare r regrole; begin
		revoke all on database ${name} from public;
		for r in select a.grantee from pg_database, aclexplode(datacl) a
			where datname = 'template_bodega' and a.privilege_type = 'CONNECT' and a.grantee <> 0
		loop execute format('grant connect on database ${name} to %s', r); end loop;
	end $$`);
	const own = new URL(url);
	own.pathname = `/${name}`;
	return own.href;
}

/** Runs `work` with a new connection and closes it. */
export async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		return await work(client);
	} finally {
		await client.end();
	}
}

/** Runs SQL as a migration of a function does: as the owner of its schema. */
export const asMigration = (ownerUrl: string, schema: string, sql: string): Promise<unknown> =>
	asOwner(ownerUrl, (db) => db.query(`set role "bodega_${schema}$owner"; set search_path = ${schema}; ${sql}`));

/** Captures log lines until the test ends, instead of printing them; returns the list of parsed lines. */
export function recordedLog(): Record<string, unknown>[] {
	const lines: Record<string, unknown>[] = [];
	const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
		for (const line of String(text).split('\n'))
			if (line.startsWith('{')) lines.push(JSON.parse(line) as Record<string, unknown>);
		return true;
	});
	onTestFinished(() => write.mockRestore());
	return lines;
}

/** Records every request to a server of this process until the test ends, whether it is answered or not. */
export function recordedRequests(): { readonly request: IncomingMessage; readonly response: ServerResponse }[] {
	const requests: ReturnType<typeof recordedRequests> = [];
	const start = (message: unknown): void => void requests.push(message as (typeof requests)[number]);
	subscribe('http.server.request.start', start);
	onTestFinished(() => void unsubscribe('http.server.request.start', start));
	return requests;
}

/** Starts a server, which closes when the test ends; returns its base URL. */
export async function listen(server: Server): Promise<string> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Starts a stand-in for a Broker's ingress that accepts and records every event. */
export async function recordingSink(): Promise<{ url: string; events: { type: string; id: string; data: unknown }[] }> {
	const events: { type: string; id: string; data: unknown }[] = [];
	const server = createServer(async (req, res) => {
		const body = (await req.setEncoding('utf8').toArray()).join('');
		events.push({ type: String(req.headers['ce-type']), id: String(req.headers['ce-id']), data: JSON.parse(body) });
		res.writeHead(202).end();
	});
	return { url: await listen(server), events };
}

export interface Serving {
	readonly url: string;
	/** The URL of the owner of the function's database, if it has one. */
	readonly ownerUrl?: string | undefined;
	/** Fetches a path of the function; an object as the body is sent as JSON. */
	readonly fetch: (path: string, init?: Omit<RequestInit, 'body'> & { body?: unknown }) => Promise<Response>;
	/** Stops the function, as SIGTERM stops its process. */
	readonly stop: () => void;
}

/**
 * Serves one target of a function through the functions framework, in the environment of its real process, and checks its
 * answers against the contract.
 */
export async function serving(
	declaration: Declaration,
	handlers: Handlers,
	options: {
		target?: string;
		ownerUrl?: string;
		env?: Partial<Record<Variable, string>> & Record<string, string>;
	} = {},
): Promise<Serving> {
	const { target = declaration.name, ownerUrl, env } = options;
	const config = readConfig(declaration, {
		FUNCTION_TARGET: target,
		K_SINK: env?.K_SINK ?? (await recordingSink()).url,
		FUNCTION_URLS: '{}',
		CHECK_ANSWERS: '1',
		...(ownerUrl === undefined ? {} : { DATABASE_URL: roleUrl(ownerUrl, declaration.name) }),
		...env,
	});
	const { server, context } = await createServerFor(declaration, handlers, config);
	onTestFinished(async () => {
		// Ends its streams, which would otherwise poll a closed database.
		context.stop();
		await context.close();
	});
	const url = await listen(server);
	return {
		url,
		ownerUrl,
		stop: () => context.stop(),
		fetch: (path, { body, headers, ...init } = {}) =>
			fetch(`${url}${path}`, {
				...init,
				...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
				headers: {
					...(body === undefined ? {} : { 'content-type': 'application/json' }),
					...(headers as Record<string, string>),
				},
			}),
	};
}

interface Emitted<Type extends EventType> {
	readonly type: Type;
	/** The function that emits it. */
	readonly from: string;
	readonly subject: string | number;
	readonly data: EventData<Type>;
	readonly id?: string;
}

/** Stores an event in the outbox, unless it is there already. */
export async function emitted<Type extends EventType>(
	ownerUrl: string,
	event: Emitted<Type>,
	id: string,
): Promise<void> {
	await asOwner(ownerUrl, (db) =>
		db.query(
			`insert into eventing.events (source, id, type, subject, dataschema, traceparent, data)
			 values ($1, $2, $3, $4, $5, '00-' || replace(uuidv4()::text, '-', '') || '-00f067aa0ba902b7-01', $6) on conflict do nothing`,
			[
				sourceOf(event.from),
				id,
				attributeOf(event.type),
				String(event.subject),
				dataschemaOf(event.type),
				JSON.stringify(event.data),
			],
		),
	);
}

/** Emits an event and delivers it to a function's events target, as a Broker would: binary mode, on the trigger's path. */
export async function deliver<Type extends EventType>(
	to: Serving,
	event: Emitted<Type>,
	path = '/',
): Promise<Response> {
	const { id = randomUUID() } = event;
	await emitted(to.ownerUrl ?? '', event, id);
	return await send(to, { ...event, id }, path);
}

/** Sends an event to a function's events target that the outbox need not have. */
export const send = <Type extends EventType>(to: Serving, event: Emitted<Type>, path = '/'): Promise<Response> =>
	to.fetch(path, {
		method: 'POST',
		headers: {
			'ce-specversion': '1.0',
			'ce-id': event.id ?? randomUUID(),
			'ce-source': sourceOf(event.from),
			'ce-type': attributeOf(event.type),
			'ce-subject': String(event.subject),
			'ce-dataschema': dataschemaOf(event.type),
		},
		body: event.data,
	});

/** Serves the events target of a function. */
export const servingEvents = (
	declaration: Declaration,
	handlers: Handlers,
	options: Parameters<typeof serving>[2] = {},
): Promise<Serving> => serving(declaration, handlers, { ...options, target: eventsTarget(declaration.name) });
