import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { cut, databaseProxy, errorResponse, type Passing } from '../../tests/database-proxy.ts';
import * as loansEvents from '../../tests/library/loans/events.ts';
import loans from '../../tests/library/loans/function.ts';
import * as loansHttp from '../../tests/library/loans/http.ts';
import * as shelvesEvents from '../../tests/library/shelves/events.ts';
import shelves from '../../tests/library/shelves/function.ts';
import * as shelvesHttp from '../../tests/library/shelves/http.ts';
import {
	asAdmin,
	asMigration,
	asOwner,
	deliver,
	freshDatabase,
	listen,
	recordedLog,
	serving,
	servingEvents,
} from '../../tests/testing.ts';

interface Told {
	readonly status: number;
	readonly detail?: string;
}

async function told(answer: Promise<Response>): Promise<Told> {
	const response = await answer;
	const body = (await response.json()) as { detail?: string };
	if (response.status === 503) {
		expect(response.headers.get('retry-after')).toBe('2');
		expect(response.headers.get('content-type')).toContain('application/problem+json');
	}
	return { status: response.status, ...(response.ok ? {} : { detail: body.detail ?? '' }) };
}

/** Serves `shelves` and `loans` from a database behind a proxy. */
async function library(database?: string) {
	recordedLog();
	const ownerUrl = database ?? (await freshDatabase());
	const proxy = await databaseProxy(ownerUrl);
	const shelf = await serving(shelves, { http: shelvesHttp, events: shelvesEvents }, { ownerUrl: proxy.url });
	const env = { FUNCTION_URLS: JSON.stringify({ shelves: shelf.url }) };
	const desk = await serving(loans, { http: loansHttp, events: loansEvents }, { ownerUrl: proxy.url, env });
	return {
		ownerUrl,
		proxy,
		read: () => told(shelf.fetch('/api/shelves')),
		add: (title: string) =>
			told(
				shelf.fetch('/api/shelves', {
					method: 'POST',
					headers: asAdmin,
					body: { title, deposit: '1.00', copies: 1 },
				}),
			),
		lend: (headers = {}, reader = 'Joan') =>
			told(desk.fetch('/api/loans', { method: 'POST', headers, body: { title_id: 1, reader, copies: 1 } })),
		count: (table: string) =>
			asOwner(
				ownerUrl,
				async (db) => (await db.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n,
			),
	};
}

const away = 'The database does not answer at the moment.';
const unknown = `${away} It is not known whether the request was carried out.`;
const unchanged = { status: 503, detail: `${away} Nothing was changed; try again shortly.` };
const rejected = {
	status: 503,
	detail: 'The database cannot do this at the moment. Nothing was changed; try again shortly.',
};
const unread = { status: 503, detail: `${away} Try again shortly.` };

/** What a request gets on a connection that falls silent, and what later ones get. All take as long as the limit of an answer. */
const silences: Readonly<Record<string, (served: Awaited<ReturnType<typeof library>>) => Promise<void>>> = {
	async 'every connection is in use, and a request waits for one'({ proxy, read }) {
		const all = (requests: number): Promise<Told[]> => Promise.all(Array.from({ length: requests }, read));
		expect(await all(3)).toEqual(Array(3).fill({ status: 200 }));
		proxy.swallow();
		expect(await all(4)).toEqual(Array(4).fill(unread));
		expect(await all(4)).toEqual(Array(4).fill({ status: 200 }));
	},
	async 'one connection is in use, and the idle ones are closed with it'({ proxy, read }) {
		await Promise.all([read(), read(), read()]);
		proxy.swallow();
		expect(await read()).toEqual(unread);
		for (const _ of [1, 2, 3]) expect(await read()).toEqual({ status: 200 });
	},
	async 'a new connection is silent'({ proxy, read }) {
		proxy.intercept((passing) => {
			passing.swallow();
			// A server waits 60 s for a password, and drops no database meanwhile.
			passing.server.destroy();
			return true;
		});
		expect(await read()).toEqual(unread);
		proxy.intercept(() => false);
		expect(await read()).toEqual({ status: 200 });
	},
	async 'a statement is slow, which the others do not notice'({ ownerUrl, proxy, add, read }) {
		await asMigration(
			ownerUrl,
			'shelves',
			`create function sleep() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return new; end $$;
			create trigger sleep before insert on titles for each row execute function sleep()`,
		);
		const adding = add('Emma');
		const sleeping = `select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`;
		await expect.poll(() => asOwner(ownerUrl, async (db) => (await db.query(sleeping)).rowCount)).toBe(1);
		expect(await read()).toEqual({ status: 200 });
		expect(await adding).toEqual(rejected);
		for (const _ of [1, 2, 3]) expect(await read()).toEqual({ status: 200 });
		expect(proxy.opened()).toBe(2);
	},
	async 'a transaction has begun'({ proxy, lend, count }) {
		proxy.intercept(silent('insert into loans'));
		expect(await lend({}, 'Ada')).toEqual(unchanged);
		expect(await count(`loans.loans where reader = 'Ada'`)).toBe(0);
		proxy.intercept(() => false);
		expect(await lend()).toEqual({ status: 201 });
	},
	async 'a transaction is being committed'({ proxy, lend, count }) {
		proxy.intercept(silent('commit'));
		const detail = `${unknown} Expect that it was when you send it again.`;
		expect(await lend({}, 'Grace')).toEqual({ status: 503, detail });
		expect(await count(`loans.loans where reader = 'Grace'`)).toBe(1);
		proxy.intercept(() => false);
		expect(await lend()).toEqual({ status: 201 });
	},
};

test('answers 503 within seconds when a connection falls silent, and then works again', async () => {
	const database = await freshDatabase();
	const all = await Promise.all(
		Object.values(silences).map(async (silence) => [silence, await library(database)] as const),
	);
	const begun = performance.now();
	await Promise.all(all.map(([silence, served]) => silence(served)));
	expect(performance.now() - begun).toBeLessThan(40_000);
});

/** Swallows the answer to a statement that contains `text`, and all that comes after it. */
const silent =
	(text: string) =>
	(passing: Passing): boolean => {
		if (!passing.sent.includes(text)) return false;
		passing.swallow();
		return true;
	};

test('says that the outcome is unknown when the answer to a commit is lost, and that nothing was changed before', async () => {
	const { proxy, add, lend, read, count } = await library();
	const before = Number(await count('shelves.titles'));
	proxy.intercept(cut('insert into titles'));
	const look = 'To find out, look with GET /api/shelves before you send it again.';
	expect(await add('Emma')).toEqual({ status: 503, detail: `${unknown} ${look}` });
	await expect.poll(() => count('shelves.titles')).toBe(before + 1);
	proxy.intercept(cut('from titles'));
	expect(await read()).toEqual(unread);
	proxy.intercept(cut('insert into loans'));
	expect(await lend()).toEqual(unchanged);
	proxy.intercept(cut('begin'));
	expect(await lend()).toEqual(unchanged);
	expect(await count('loans.loans')).toBe(0);
	proxy.intercept(cut('commit'));
	expect(await lend()).toEqual({ status: 503, detail: `${unknown} Expect that it was when you send it again.` });
	await expect.poll(() => count('loans.loans')).toBe(1);
	// The relay publishes it.
	expect(await count('eventing.events')).toBe(1);
	proxy.intercept(() => false);
	expect(await lend()).toEqual({ status: 201 });
});

test('handles an event once whose commit got no answer, when it is delivered again', async () => {
	recordedLog();
	const ownerUrl = await freshDatabase();
	const proxy = await databaseProxy(ownerUrl);
	const consumer = await servingEvents(shelves, { http: shelvesHttp, events: shelvesEvents }, { ownerUrl: proxy.url });
	const data = { loan_id: 1, title_id: 1, reader: 'Ada', copies: 2 };
	const send = (): Promise<Response> =>
		deliver(consumer, { type: 'loan.requested', from: 'loans', subject: 1, id: 'one', data });
	const copies = (): Promise<number> =>
		asOwner(ownerUrl, async (db) => (await db.query('select copies from shelves.titles where id = 1')).rows[0]?.copies);
	const before = await copies();
	proxy.intercept(cut('commit'));
	const lost = await send();
	expect([lost.status, lost.headers.get('retry-after')]).toEqual([503, '2']);
	await expect.poll(copies).toBe(before - 2);
	proxy.intercept(() => false);
	expect((await send()).status).toBe(204);
	expect(await copies()).toBe(before - 2);
});

const ready = Buffer.from('Z\0\0\0\x05');
const goodbye = (code: string): Buffer => errorResponse('FATAL', code, 'terminating connection');

test.each([
	['when it is open', (sent: string) => sent.includes('bodega_loans') && !sent.includes('begin'), 'lend'],
	['after the begin of a transaction', (sent: string) => sent.includes('begin'), 'lend'],
	['after a statement of a transaction', (sent: string) => sent.includes('insert into loans'), 'lend'],
	['when it is open', (sent: string) => !sent.includes('select'), 'read'],
	['after a query, when it is idle', (sent: string) => sent.includes('from titles'), 'read'],
] as const)(
	'answers no 500 when the server ends a connection %s, in the packet that says it is ready',
	async (_, isMoment, operation) => {
		const served = await library();
		let ended = 0;
		served.proxy.intercept(({ client, sent }, piece) => {
			if (ended || !piece.includes(ready) || !isMoment(sent)) return false;
			ended += 1;
			client.end(Buffer.concat([piece, goodbye('57P01')]));
			return true;
		});
		const answer = await served[operation]();
		// The answer to a query comes before the end of the connection.
		expect([200, 201, 503]).toContain(answer.status);
		expect(ended).toBe(1);
		// The client can see the end of the connection before it sends the commit, or only then.
		const claims =
			operation === 'read'
				? [unread]
				: [unchanged, { status: 503, detail: `${unknown} Expect that it was when you send it again.` }];
		if (answer.status === 503) expect(claims).toContainEqual(answer);
		expect((await served[operation]()).status).toBe(operation === 'read' ? 200 : 201);
	},
);

test.each([
	['57P03', 'the database system is starting up'],
	['57P03', 'the database system is in recovery mode'],
	['53300', 'sorry, too many clients already'],
	['28P01', 'password authentication failed'],
	['3D000', 'database does not exist'],
])('answers 503 while the server refuses connections with %s: %s', async (code, message) => {
	const { proxy, read, lend } = await library();
	let isRefusing = true;
	proxy.intercept(({ client }) => {
		if (isRefusing) client.end(errorResponse('FATAL', code, message));
		return isRefusing;
	});
	expect([await read(), await lend()]).toEqual([unread, { status: 503, detail: expect.any(String) }]);
	isRefusing = false;
	expect([await read(), await lend()]).toEqual([{ status: 200 }, { status: 201 }]);
});

test.each([
	['garbage', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
	['half a message', Buffer.from('R\0\0\0\x17\0\0\0\x0a')],
	['nothing', Buffer.alloc(0)],
])('answers 503 when the server sends %s and closes the connection', async (_, piece) => {
	const { proxy, read } = await library();
	let isBroken = true;
	proxy.intercept(({ client }) => {
		if (isBroken) client.end(piece);
		return isBroken;
	});
	expect(await read()).toEqual(unread);
	isBroken = false;
	expect(await read()).toEqual({ status: 200 });
});

test('answers 503 to each SQLSTATE that heals by itself, in a statement and in a transaction, and 500 to others', async () => {
	const { ownerUrl, add, lend } = await library();
	await asMigration(
		ownerUrl,
		'shelves',
		`create function fail() returns trigger language plpgsql as $$ begin
			if new.title ~ '^[0-9A-Z]{5}$' then raise exception using errcode = new.title; end if;
			return new;
		end $$;
		create trigger fail before insert on titles for each row execute function fail()`,
	);
	const passing = [
		...['08000', '08006', '08P01', '25006', '25P03', '25P04', '40001', '40P01', '53000', '53100', '53200', '53300'],
		...['53400', '55P03', '57000', '57014', '57P01', '57P02', '57P03', '57P05', '58000', '58030', '58P01'],
	];
	for (const code of passing) {
		const { status, detail } = await add(code);
		expect([code, status]).toEqual([code, 503]);
		// The server has rejected the statement, unless the connection is of no use.
		expect([code, detail?.includes('Nothing was changed')]).toEqual([code, !/^(08|25P|57P)/.test(code)]);
		expect(await add('Emma')).toEqual({ status: 201 });
	}
	for (const code of ['22012', '23514', '42P01', 'XX000', 'XX001']) {
		const { status, detail } = await add(code);
		expect([code, status]).toEqual([code, 500]);
		expect(detail).toContain('Nothing was changed.');
	}
	await asMigration(
		ownerUrl,
		'loans',
		`create function fail() returns trigger language plpgsql as $$ begin raise exception using errcode = '53100'; end $$;
		create constraint trigger fail after insert on loans deferrable initially deferred for each row execute function fail()`,
	);
	// The server rejects the commit.
	expect(await lend()).toEqual(rejected);
	await asMigration(ownerUrl, 'loans', 'drop trigger fail on loans');
	expect(await lend()).toEqual({ status: 201 });
});

test('answers 503 while the database takes no connection or no change, and while a row is locked', async () => {
	const { ownerUrl, read, add, lend } = await library();
	const name = new URL(ownerUrl).pathname.slice(1);
	const elsewhere = new URL(ownerUrl);
	elsewhere.pathname = '/postgres';
	const disconnect = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;
	const set = (sql: string): Promise<unknown> =>
		asOwner(elsewhere.href, async (db) => {
			await db.query(`alter database ${name} ${sql}`);
			await db.query(disconnect);
		});
	for (const [sql, undo] of [
		['connection limit 0', 'connection limit -1'],
		['allow_connections false', 'allow_connections true'],
	] as const) {
		await set(sql);
		onTestFinished(() => void set(undo).catch(() => {}));
		await expect.poll(read).toEqual(unread);
		expect(await add('Emma')).toEqual(unchanged);
		await set(undo);
		await expect.poll(read).toEqual({ status: 200 });
	}
	await set('set default_transaction_read_only = on');
	await expect.poll(read).toEqual({ status: 200 });
	await expect.poll(lend).toEqual(rejected);
	// The connections are closed, because the primary can be another server now.
	await asOwner(elsewhere.href, (db) => db.query(`alter database ${name} reset default_transaction_read_only`));
	expect(await lend()).toEqual({ status: 201 });
	await asOwner(ownerUrl, async (db) => {
		await db.query('begin; lock table shelves.titles in share mode');
		await expect.poll(() => add('Emma')).toEqual(rejected);
		await db.query('rollback');
	});
	await expect.poll(() => add('Emma')).toEqual({ status: 201 });
});

test('says that the outcome of a call that changes something is unknown when no response comes', async () => {
	const { callOperation } = await import('../http/call.ts');
	const { api } = shelves;
	if (!api) throw new Error('shelves has a contract');
	const body = { title: 'Emma', deposit: '1.00', copies: 1 };
	const call = (url: string, name: string): Promise<unknown> =>
		callOperation('shelves', url, api, api.operations[name] as (typeof api.operations)[string], { body } as never);
	const gone = await listen(createServer((req) => req.socket.destroy()));
	await expect(call(gone, 'addTitle')).rejects.toThrow('It is not known whether it has carried out its part.');
	const closed = createServer();
	const refusing = await listen(closed);
	closed.close();
	await expect(call(refusing, 'addTitle')).rejects.toThrow('Try again shortly.');
});
