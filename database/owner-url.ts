import { once } from 'node:events';
import { connect } from 'node:net';
import pg from 'pg';
import { processOf } from '../kit/data/pooler/pooler.ts';
import { messageOf } from '../kit/http/problem.ts';
import { UsageError } from '../kit/process/usage-error.ts';

/** Milliseconds for the server to answer: once before and once during the connection. */
const patience = 4_000;
/** The values of `sslmode` that the driver knows; it treats others like `verify-full`. */
const sslModes = ['disable', 'no-verify', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** Returns the URL without its password and parameters, for a message. */
export function shownUrl(text: string): string {
	const url = URL.parse(text);
	if (url?.host) return `${url.protocol}//${url.username ? `${url.username}:…@` : ''}${url.host}${url.pathname}`;
	return text.replace(/^.*@/s, '…@').replace(/\?.*/s, '');
}

const refused = (text: string, why: string, cause?: unknown): UsageError =>
	new UsageError(`DATABASE_URL is "${shownUrl(text)}": ${why}`, { cause });

/** Checks the form of `DATABASE_URL`. @throws {UsageError} that says what was expected */
export function checkOwnerUrl(text: string): void {
	const url = URL.parse(text);
	if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !url.hostname)
		throw refused(text, 'expected a URL like postgresql://user:password@host:5432/database');
	if (!/^\/[^/]+$/.test(url.pathname))
		throw refused(text, 'expected the name of a database after the host, like …/bodega');
	const mode = url.searchParams.get('sslmode');
	if (mode !== null && !sslModes.includes(mode))
		throw refused(text, `its sslmode is "${mode}"; expected one of ${sslModes.join(', ')}`);
}

/**
 * Checks that `DATABASE_URL` names a database whose owner can open a shop there. Takes at most 8 s.
 * @throws {UsageError} that says what was found and what was expected
 */
export async function reachOwner(text: string): Promise<void> {
	checkOwnerUrl(text);
	let client: pg.Client | undefined;
	try {
		client = new pg.Client({
			connectionString: text,
			application_name: 'bodega check',
			connectionTimeoutMillis: patience,
			query_timeout: patience,
		});
		client.on('error', () => {}); // A lost connection also fails the query.
		await expectPostgres(client.host, client.port);
		await client.connect();
		await checkServer(client);
	} catch (error) {
		if (error instanceof UsageError) throw error;
		throw refused(text, reasonOf(error), error);
	} finally {
		void client?.end().catch(() => {});
	}
}

/**
 * Asks a server whether it encrypts, as every client of Postgres can do first: a Postgres answers with one letter
 * (PostgreSQL documentation, "Message Formats": SSLRequest). A driver takes other answers for messages.
 */
async function expectPostgres(host: string, port: number): Promise<void> {
	if (host.startsWith('/')) return; // A socket in the file system.
	const socket = connect(port, host);
	const signal = AbortSignal.timeout(patience);
	try {
		await once(socket, 'connect', { signal });
		const answered = once(socket, 'data', { signal });
		const ended = once(socket, 'close', { signal }).then(() => [Buffer.alloc(0)]);
		ended.catch(() => {});
		socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
		const [answer] = (await Promise.race([answered, ended])) as [Buffer];
		if (!/^[SN]/.test(answer.toString('latin1'))) throw new Error('the server there is not a Postgres');
	} catch (error) {
		if (!signal.aborted) throw error;
		const where = socket.connecting
			? 'there was no connection'
			: 'the server there is silent: it is not a Postgres, or it hangs';
		throw new Error(`${where} (waited ${patience / 1000} s)`, { cause: error });
	} finally {
		socket.destroy();
	}
}

function reasonOf(error: unknown): string {
	const { code, hostname } = error as { code?: string; hostname?: string };
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
		return `the host "${hostname}" has no address; expected one that exists`;
	if (code === 'ECONNREFUSED')
		return 'nothing listens there; start that Postgres, or correct the host and port (ECONNREFUSED)';
	if (error instanceof pg.DatabaseError) return `the server says: ${error.message}`;
	return messageOf(error);
}

/** Checks what a shop needs of a server. @throws {UsageError} with the remedy */
export async function checkServer(owner: pg.Client): Promise<void> {
	const { rows } = await owner.query<{
		version: number;
		encoding: string;
		process: number;
		roles: boolean;
		schemas: boolean;
	}>(
		`select current_setting('server_version_num')::int / 10000 as version,
			current_setting('server_encoding') as encoding, pg_backend_pid() as process, rolsuper or rolcreaterole as roles,
			has_database_privilege(current_database(), 'create') as schemas
		 from pg_roles where rolname = current_user`,
	);
	const { version = 0, encoding, process, roles = false, schemas = false } = rows[0] ?? {};
	if (version < 18)
		throw new UsageError(`DATABASE_URL points to Postgres ${version}; Bodega needs 18 or newer (it uses uuidv7).`);
	if (encoding !== 'UTF8')
		throw new UsageError(
			`DATABASE_URL points to a database in ${encoding}; Bodega needs UTF8. Create one with: create database … template template0 encoding 'UTF8'`,
		);
	if (process !== processOf(owner))
		throw new UsageError(
			'DATABASE_URL leads to a connection pooler, but a migration needs its own session. Set it to the URL of the server. To connect the functions through the pooler, run: npx bodega deploy --pooler HOST:PORT',
		);
	if (!roles)
		throw new UsageError(
			'The role of DATABASE_URL cannot create roles, and each function needs its own. Allow it with: alter role … createrole',
		);
	if (!schemas)
		throw new UsageError(
			'The role of DATABASE_URL cannot create schemas in that database, and each function needs its own. Allow it with: grant create on database … to …',
		);
}
