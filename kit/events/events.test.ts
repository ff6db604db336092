import { createServer, type IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import '../../tests/library/catalog.ts';
import {
	asOwner,
	deliver,
	emitted,
	freshDatabase,
	listen,
	recordedLog,
	send,
	servingEvents,
} from '../../tests/testing.ts';
import { declare } from '../declare/declare.ts';
import type { Reactions } from './events.ts';

const clock = declare({ name: 'clock', purpose: 'Counts.', schedule: '* * * * *' });

async function serveClock(): Promise<{ post: typeof fetch; called: () => number }> {
	let times = 0;
	const events = {
		onSchedule: async () => {
			times += 1;
		},
	};
	const { url } = await servingEvents(clock, { events });
	return { post: (_, init) => fetch(url, { method: 'POST', ...init }), called: () => times };
}

const event = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/clock', 'ce-type': 'dev.knative.sources.ping' };
const json = { 'content-type': 'application/json' };

test.each([
	['binary, without data, as a PingSource sends it', { headers: event }],
	['binary, with data', { headers: { ...event, ...json }, body: '{"a": 1}' }],
	[
		'structured',
		{
			headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
			body: '{"specversion": "1.0", "id": "1", "source": "/clock", "type": "dev.knative.sources.ping"}',
		},
	],
])('accepts an event: %s', async (_, init) => {
	const { post, called } = await serveClock();
	expect((await post('/', init)).status).toBe(204);
	expect(called()).toBe(1);
});

test.each([
	['that is not an event', 400, { headers: json, body: '{}' }, 'expected a ce-specversion header'],
	['that is not JSON', 400, { headers: { ...event, ...json }, body: '{' }, 'The body is not JSON'],
	[
		'with data that are text',
		415,
		{ headers: { ...event, 'content-type': 'text/plain' }, body: 'now' },
		'data are text/plain',
	],
	['with the method GET', 405, { method: 'GET' }, 'send events with POST'],
])('rejects a request %s', async (_, status, init, detail) => {
	recordedLog();
	const { post, called } = await serveClock();
	const answer = await post('/', init);
	expect(answer.status).toBe(status);
	expect(await answer.json()).toMatchObject({ status, detail: expect.stringContaining(detail) });
	expect(called()).toBe(0);
});

/** Named fines because the database has a role of that name. */
const fines = declare({
	name: 'fines',
	purpose: 'A test function.',
	reacts: ['copy.reserved'],
	emits: ['fine.issued'],
	data: true,
});
const reactions: Reactions<typeof fines> = {
	'copy.reserved': (_event, tx) => tx.emit('fine.issued', 'issued', { loan_id: 1, amount: '1.00' }),
};

test('does not compile with a missing or undeclared reaction, or with an undeclared emission', () => {
	// @ts-expect-error no reaction to copy.reserved
	const missing: Reactions<typeof fines> = {};
	const surplus: Reactions<typeof fines> = {
		...reactions,
		// @ts-expect-error not in reacts
		'loan.requested': async () => {},
	};
	const undeclared: Reactions<typeof fines> = {
		// @ts-expect-error not in emits
		'copy.reserved': ({ data }, tx) => tx.emit('loan.requested', 1, data),
	};
	expect([missing, surplus, undeclared]).toHaveLength(3);
});

test('stores the handled event as the cause of the events that it emits, but does not send the cause', async () => {
	const ownerUrl = await freshDatabase();
	const sent: IncomingHttpHeaders[] = [];
	const sink = await listen(
		createServer((req, res) => {
			sent.push(req.headers);
			req.resume().once('end', () => res.writeHead(202).end());
		}),
	);
	const consumer = await servingEvents(fines, { events: { reactions } }, { ownerUrl, env: { K_SINK: sink } });
	const data = { loan_id: 1, title_id: 1, reader: 'Ada', copies: 1 };
	const event = { type: 'copy.reserved', from: 'shelves', subject: 1, data, id: 'reserved' } as const;
	expect((await deliver(consumer, event)).status).toBe(204);
	const { rows } = await asOwner(ownerUrl, (db) =>
		db.query('select subject, cause from eventing.events order by subject'),
	);
	expect(rows).toEqual([
		{ subject: '1', cause: null },
		{ subject: 'issued', cause: 'reserved' },
	]);
	await expect.poll(() => sent).toMatchObject([{ 'ce-subject': 'issued' }]);
	expect(Object.keys(sent[0] ?? {})).not.toContain('ce-cause');
});

test('refuses an event that no function has emitted, so that the broker does not retry it, and counts it', async () => {
	const ownerUrl = await freshDatabase();
	recordedLog();
	const consumer = await servingEvents(fines, { events: { reactions } }, { ownerUrl });
	const data = { loan_id: 1, title_id: 1, reader: 'Ada', copies: 1 };
	const event = { type: 'copy.reserved', from: 'shelves', subject: 1, data, id: 'reserved' } as const;
	await emitted(ownerUrl, event, event.id);
	const forged = [{ id: 'other' }, { from: 'loans' }, { subject: 2 }, { data: { ...data, copies: 2 } }] as const;
	for (const change of forged) {
		const answer = await send(consumer, { ...event, ...change });
		expect([change, answer.status]).toEqual([change, 403]);
		expect(await answer.json()).toMatchObject({
			detail: expect.stringContaining('No function has emitted this event'),
		});
	}
	const { rows } = await asOwner(ownerUrl, (db) => db.query('select trigger, count::int from eventing.refusals'));
	expect(rows).toEqual([{ trigger: 'fines-on-copy-reserved', count: forged.length }]);
	const stored = await asOwner(ownerUrl, (db) => db.query('select id, attempts from eventing.deliveries'));
	expect(stored.rows).toEqual([]);
	expect((await send(consumer, event)).status).toBe(204);
});
