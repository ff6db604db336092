import { expect, onTestFinished, test } from 'vitest';
import { listenForSpans } from '../../local/traces/recorder.ts';
import { asAdmin, asUser, freshDatabase, recordedLog, serving } from '../../tests/testing.ts';
import eventLog from './function.ts';
import * as http from './http.ts';

const trace = '0af7651916cd43dd8448eb211c80319c';

/** Serves the log with an environment. `ask` sends a request as an admin. */
async function serveLog(env: Record<string, string> = {}) {
	const { fetch } = await serving(eventLog, { http }, { ownerUrl: await freshDatabase(), env });
	const ask = async (method: string, path: string, body?: object): Promise<[number, unknown]> => {
		const answer = await fetch(path, { method, body, headers: asAdmin });
		return [answer.status, await answer.json()];
	};
	return { fetch, ask };
}

test('on a laptop, starts a recording, and shows the spans of a trace as OTLP', async () => {
	const set: Readonly<Record<string, string>>[] = [];
	const { server, env } = await listenForSpans((each) => void set.push(each));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const { ask } = await serveLog(env);
	expect(await ask('GET', '/api/recording')).toEqual([200, { place: 'memory', until: null }]);
	expect(await ask('GET', `/api/traces/${trace}`)).toEqual([200, { resourceSpans: [] }]);
	expect(await ask('PUT', '/api/recording', { minutes: 5 })).toEqual([
		200,
		{ place: 'memory', until: expect.any(String) },
	]);
	const spans = { traceId: trace, spanId: 'b7ad6b7169203331', name: 'GET /', kind: 2, attributes: [] };
	const times = { startTimeUnixNano: '1767603600000000000', endTimeUnixNano: '1767603600012000000' };
	const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'books' } }] };
	const data = {
		resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'bodega' }, spans: [{ ...spans, ...times }] }] }],
	};
	const body = JSON.stringify(data);
	await fetch(`${set[0]?.['OTEL_EXPORTER_OTLP_ENDPOINT']}/v1/traces`, { method: 'POST', body });
	expect(await ask('DELETE', '/api/recording')).toEqual([200, { place: 'memory', until: null }]);
	expect(await ask('GET', `/api/traces/${trace}`)).toEqual([200, data]);
});

test('elsewhere, says where the spans are', async () => {
	const nowhere = await serveLog();
	expect(await nowhere.ask('GET', '/api/recording')).toEqual([200, { place: 'nowhere', until: null }]);
	expect(await nowhere.ask('GET', `/api/traces/${trace}`)).toEqual([200, { resourceSpans: [] }]);
	expect((await nowhere.ask('PUT', '/api/recording', {}))[0]).toBe(409);
	const collected = await serveLog({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
	expect(await collected.ask('GET', '/api/recording')).toEqual([200, { place: 'collector', until: null }]);
});

test('shows traces to admins only, and answers 503 when the recorder does not answer', async () => {
	recordedLog();
	const { fetch, ask } = await serveLog({ RECORDER_URL: 'http://127.0.0.1:1', RECORDER_TOKEN: 'token' });
	for (const path of ['/api/recording', `/api/traces/${trace}`])
		expect([path, (await fetch(path, { headers: asUser() })).status]).toEqual([path, 403]);
	expect((await ask('GET', `/api/traces/${trace}`))[0]).toBe(503);
});
