import { expect, test } from 'vitest';
import { declare } from './declare.ts';
import { recordedLog, servingEvents } from './testing.ts';

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
])('takes an event: %s', async (_, init) => {
	const { post, called } = await serveClock();
	expect((await post('/', init)).status).toBe(204);
	expect(called()).toBe(1);
});

test.each([
	['that is no event', 400, { headers: json, body: '{}' }, 'neither a ce-specversion header nor the structured type'],
	['that is not JSON', 400, { headers: { ...event, ...json }, body: '{' }, 'The body is not JSON'],
	['of text', 415, { headers: { ...event, 'content-type': 'text/plain' }, body: 'now' }, 'data are text/plain'],
	['that is fetched', 405, { method: 'GET' }, 'events are POSTed'],
])('refuses a request %s', async (_, status, init, detail) => {
	recordedLog();
	const { post, called } = await serveClock();
	const answer = await post('/', init);
	expect(answer.status).toBe(status);
	expect(await answer.json()).toMatchObject({ status, detail: expect.stringContaining(detail) });
	expect(called()).toBe(0);
});
