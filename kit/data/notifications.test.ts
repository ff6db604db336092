import { expect, onTestFinished, test } from 'vitest';
import { databaseProxy, errorResponse } from '../../tests/database-proxy.ts';
import { asOwner, freshDatabase, recordedLog } from '../../tests/testing.ts';
import { channelOf, Notifications } from './notifications.ts';

async function waiting(): Promise<{ url: string; notifications: Notifications }> {
	const url = await freshDatabase();
	const notifications = new Notifications(url, 'tea');
	onTestFinished(() => notifications.close());
	return { url, notifications };
}

const notify = (url: string, payload: string): Promise<unknown> =>
	asOwner(url, (db) => db.query('select pg_notify($1, $2)', [channelOf(url), payload]));

/** Returns a `look` that gives these answers, with a count of its calls. */
function looks(...answers: boolean[]): {
	look: () => Promise<boolean>;
	looked: (times: number) => Promise<void>;
	count: () => number;
} {
	let count = 0;
	const waiters: { times: number; resolve: () => void }[] = [];
	return {
		count: () => count,
		looked: (times) => new Promise((resolve) => (count >= times ? resolve() : waiters.push({ times, resolve }))),
		look: async () => {
			const answer = answers[count] ?? true;
			count += 1;
			for (const { times, resolve } of waiters) if (count >= times) resolve();
			return answer;
		},
	};
}

const ever = 600_000;

test('does not wait when the first look succeeds', async () => {
	const { notifications } = await waiting();
	const { look, count } = looks(true);
	await notifications.until('1', ever, look);
	expect(count()).toBe(1);
});

test('looks again after each notification with its payload, from any connection', async () => {
	const { url, notifications } = await waiting();
	const [one, other] = [looks(false, false, true), looks(false, true)];
	const done = [notifications.until('1', ever, one.look), notifications.until('2', ever, other.look)];
	await Promise.all([one.looked(1), other.looked(1)]);
	await notify(url, '1');
	await one.looked(2);
	await notify(url, '1');
	await done[0];
	expect([one.count(), other.count()]).toEqual([3, 1]);
	await notify(url, '2');
	await done[1];
	expect(other.count()).toBe(2);
});

test('shares one connection among all waits', async () => {
	const { url, notifications } = await waiting();
	const all = Array.from({ length: 20 }, (_, each) => ({ ...looks(false, true), payload: String(each) }));
	const done = all.map(({ look, payload }) => notifications.until(payload, ever, look));
	await Promise.all(all.map(({ looked }) => looked(1)));
	const { rows } = await asOwner(url, (db) =>
		db.query(`select from pg_stat_activity where application_name = 'tea listening'`),
	);
	expect(rows).toHaveLength(1);
	await asOwner(url, (db) =>
		db.query('select pg_notify($1, each::text) from generate_series(0, 19) each', [channelOf(url)]),
	);
	await Promise.all(done);
});

test('resolves after the time limit without a notification', async () => {
	const { notifications } = await waiting();
	const look = async (): Promise<boolean> => false;
	await expect(notifications.until('1', 20, look)).resolves.toBeUndefined();
});

test('resolves when the signal is aborted, before or during the wait', async () => {
	const { notifications } = await waiting();
	const { look, looked } = looks(false, false);
	const leaving = new AbortController();
	const done = notifications.until('1', ever, look, leaving.signal);
	await looked(1);
	// It waits from the next turn of the event loop on.
	await new Promise(setImmediate);
	leaving.abort();
	await done;
	await notifications.until('1', ever, async () => false, leaving.signal);
});

test('reconnects when the connection is lost, and misses no notification meanwhile', async () => {
	recordedLog();
	const { url, notifications } = await waiting();
	const { look, looked, count } = looks(false, false, true);
	const done = notifications.until('1', ever, look);
	await looked(1);
	await asOwner(url, (db) =>
		db.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tea listening'`),
	);
	await looked(2);
	const { rows } = await asOwner(url, (db) =>
		db.query(`select from pg_stat_activity where application_name = 'tea listening'`),
	);
	expect(rows).toHaveLength(1);
	await notify(url, '1');
	await done;
	expect(count()).toBe(3);
});

test('polls while it cannot listen', async () => {
	recordedLog();
	const { url } = await waiting();
	const nowhere = new URL(url);
	nowhere.port = '1';
	const notifications = new Notifications(nowhere.href, 'tea');
	const { look, count } = looks(false, false, true);
	await notifications.until('1', ever, look);
	expect(count()).toBe(3);
	await notifications.close();
});

test('looks again and reconnects when the server ends the connection in the packet that says it is listening', async () => {
	recordedLog();
	const proxy = await databaseProxy(await freshDatabase());
	const notifications = new Notifications(proxy.url, 'tea');
	onTestFinished(() => notifications.close());
	let ended = 0;
	proxy.intercept(({ client, sent }, piece) => {
		if (ended || !sent.includes('listen')) return false;
		ended += 1;
		client.end(Buffer.concat([piece, errorResponse('FATAL', '57P01', 'terminating connection')]));
		return true;
	});
	const { look, looked } = looks(false, false, true);
	const done = notifications.until('1', ever, look);
	await looked(2);
	await notify(proxy.url, '1');
	await done;
	expect(proxy.opened()).toBeGreaterThanOrEqual(2);
});

test('looks again and reconnects when the connection is silent', async () => {
	const log = recordedLog();
	const proxy = await databaseProxy(await freshDatabase());
	const notifications = new Notifications(proxy.url, 'tea');
	onTestFinished(() => notifications.close());
	const { look, looked } = looks(false, false, true);
	const done = notifications.until('1', ever, look);
	await looked(1);
	await expect.poll(proxy.opened).toBe(1);
	proxy.swallow();
	await looked(2);
	await notify(proxy.url, '1');
	await done;
	expect(log).toMatchObject([{ message: 'the listening connection was lost', error: 'Query read timeout' }]);
}, 30_000);

test('looks at most ten times a second, however many notifications arrive', async () => {
	const { url, notifications } = await waiting();
	const { look, looked, count } = looks(...Array.from({ length: 1000 }, () => false));
	const leaving = new AbortController();
	const begun = performance.now();
	const done = notifications.until('1', ever, look, leaving.signal);
	await looked(1);
	await asOwner(url, (db) =>
		db.query(`do $$ begin for i in 1..2000 loop perform pg_notify('${channelOf(url)}', '1'); commit; end loop; end $$`),
	);
	await looked(2);
	expect(count()).toBeLessThanOrEqual(2 + (performance.now() - begun) / 100);
	leaving.abort();
	await done;
});

test('does not hear the notifications of others, who cannot guess the channel', async () => {
	const { url, notifications } = await waiting();
	const { look, looked, count } = looks(false, true);
	const done = notifications.until('1', ever, look);
	await looked(1);
	for (const channel of ['tea', channelOf(url.replace(/:[^:@]+@/, ':another@'))])
		await asOwner(url, (db) => db.query('select pg_notify($1, $2)', [channel, '1']));
	await notify(url, 'other');
	expect(count()).toBe(1);
	await notify(url, '1');
	await done;
	expect(count()).toBe(2);
});
