import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
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
	[
		'structured, with its attributes as headers too',
		{
			headers: { ...event, 'ce-id': '2', 'content-type': 'Application/CloudEvents+JSON' },
			body: '{"specversion": "1.0", "id": "1", "source": "/clock", "type": "x", "data": [1], "count": 1}',
		},
	],
	[
		'with a time, a schema and an extension',
		{
			headers: { ...event, 'ce-time': '2024-02-29T10:00:00.5+05:30', 'ce-dataschema': 'urn:x:1', 'ce-count': '' },
		},
	],
])('accepts an event: %s', async (_, init) => {
	const { post, called } = await serveClock();
	expect((await post('/', init)).status).toBe(204);
	expect(called()).toBe(1);
});

const structured = (members: unknown): RequestInit => ({
	headers: { 'content-type': 'application/cloudevents+json' },
	body: typeof members === 'string' ? members : JSON.stringify(members),
});
const members = { specversion: '1.0', id: '1', source: '/clock', type: 'x' };
const without = (name: keyof typeof event): RequestInit => ({ headers: { ...event, [name]: '' } });

test.each<[what: string, status: number, init: RequestInit, detail: string]>([
	['that is not an event', 400, { headers: json, body: '{}' }, 'expected a ce-specversion header'],
	['that is not JSON', 400, { headers: { ...event, ...json }, body: '{' }, 'not JSON'],
	[
		'that is not UTF-8',
		400,
		{ headers: { ...event, ...json }, body: Buffer.from([0x22, 0xff, 0x22]) },
		'not JSON in UTF-8',
	],
	[
		'with data that are text',
		415,
		{ headers: { ...event, 'content-type': 'text/plain' }, body: 'now' },
		'data are text/plain',
	],
	['with data of no type', 415, { headers: event, body: Buffer.from('{}') }, 'without a content type'],
	['with the method GET', 405, { method: 'GET' }, 'send events with POST'],
	...(['ce-id', 'ce-source', 'ce-type', 'ce-specversion'] as const).map(
		(name): [string, number, RequestInit, string] => [`with an empty ${name}`, 400, without(name), 'CloudEvent'],
	),
	...(['ce-id', 'ce-source', 'ce-type'] as const).map((name): [string, number, RequestInit, string] => {
		const { [name]: _, ...others } = event;
		return [`without ${name}`, 400, { headers: others }, `${name}: `];
	}),
	...['0.3', '9.9', '1', '1.0.0', 'x'].map((version): [string, number, RequestInit, string] => [
		`of version ${version}`,
		400,
		{ headers: { ...event, 'ce-specversion': version } },
		'ce-specversion: ',
	]),
	['with an empty subject', 400, { headers: { ...event, 'ce-subject': '' } }, 'ce-subject: '],
	['with a source that is no URI', 400, { headers: { ...event, 'ce-source': '/a b' } }, 'ce-source: '],
	['with a relative dataschema', 400, { headers: { ...event, 'ce-dataschema': 'schema' } }, 'ce-dataschema: '],
	['with an odd attribute', 400, { headers: { ...event, 'ce-a_b': '1' } }, '"ce-a_b" is not the name'],
	...['2023-02-29T10:00:00Z', '2026-01-05', '10:00', 'now', '1767603600', '2026-01-05T25:00:00Z'].map(
		(time): [string, number, RequestInit, string] => [
			`at ${time}`,
			400,
			{ headers: { ...event, 'ce-time': time } },
			'ce-time: ',
		],
	),
	[
		'in a batch',
		415,
		{ ...structured([members]), headers: { 'content-type': 'application/cloudevents-batch+json' } },
		'a single event',
	],
	[
		'in Avro',
		415,
		{ ...structured('x'), headers: { 'content-type': 'application/cloudevents+avro' } },
		'a single event',
	],
	...['', '{', 'null', '[]', '1', '"x"'].map((body): [string, number, RequestInit, string] => [
		`structured as ${body || 'nothing'}`,
		400,
		structured(body),
		'not a valid CloudEvent',
	]),
	['structured, without an id', 400, structured({ ...members, id: undefined }), 'id: '],
	['structured, with an id that is null', 400, structured({ ...members, id: null }), 'id: '],
	['structured, with an id that is a number', 400, structured({ ...members, id: 1 }), 'id: '],
	['structured, of another version', 400, structured({ ...members, specversion: '9.9' }), 'specversion: '],
	['structured, with a list as an extension', 400, structured({ ...members, extension: [] }), 'extension: '],
	['structured, with binary data', 415, structured({ ...members, data_base64: 'e30=' }), 'not JSON'],
	['structured, with text', 415, structured({ ...members, datacontenttype: 'text/plain', data: 'x' }), 'not JSON'],
	['structured, with half of a surrogate pair', 400, structured({ ...members, subject: '\ud800' }), 'subject: '],
	['structured, with U+0000 in an extension', 400, structured({ ...members, extension: '\0' }), 'extension: '],
	['with U+0000 in its data', 400, { headers: { ...event, ...json }, body: '{"a": ["\\u0000"]}' }, 'data.a.0: '],
	[
		'with half of a surrogate pair as a name',
		400,
		{ headers: { ...event, ...json }, body: '{"\\ud800": 1}' },
		'data: ',
	],
	[
		'with deep data',
		400,
		{ headers: { ...event, ...json }, body: '['.repeat(40_000) + ']'.repeat(40_000) },
		'too deeply',
	],
	['of another cloud', 400, structured({ context: { eventType: 'x', resource: 'y' }, data: {} }), 'specversion: '],
])('rejects a request %s', async (_, status, init, detail) => {
	recordedLog();
	const { post, called } = await serveClock();
	const answer = await post('/', init);
	expect(answer.status).toBe(status);
	expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
	expect(await answer.json()).toMatchObject({ status, detail: expect.stringContaining(detail) });
	expect(called()).toBe(0);
});

test('rejects an event with an attribute that is sent twice', async () => {
	const { url } = await servingEvents(clock, { events: { onSchedule: async () => {} } });
	const headers = ['host', 'localhost', ...Object.entries(event).flat(), 'ce-id', '1'];
	const [answer] = (await once(request(url, { method: 'POST', headers }).end(), 'response')) as [IncomingMessage];
	expect([answer.statusCode, (await answer.toArray()).join('')]).toEqual([
		400,
		expect.stringContaining('header ce-id'),
	]);
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
