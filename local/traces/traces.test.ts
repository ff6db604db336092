import { expect, onTestFinished, test } from 'vitest';
import type { TracesData } from '../../kit/trace/traces-data.ts';
import { listenForSpans } from './recorder.ts';
import { Traces } from './traces.ts';

const idOf = (number: number): string => String(number).padStart(32, '0');

/** Returns spans as a function exports them, each of another trace. */
const exported = (service: string, ...traces: number[]): TracesData => ({
	resourceSpans: [
		{
			resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
			scopeSpans: [
				{
					scope: { name: 'bodega' },
					spans: traces.map((trace, index) => ({
						...{ traceId: idOf(trace), spanId: `b7ad6b716920333${index}`, name: 'GET /', kind: 2, attributes: [] },
						...{ startTimeUnixNano: '1767603600000000000', endTimeUnixNano: '1767603600012000000' },
					})),
				},
			],
		},
	],
});

const servicesOf = (found: TracesData) =>
	found.resourceSpans.map(({ resource }) => resource.attributes[0]?.value.stringValue);

test('collects the spans of a trace from all functions, and drops the oldest traces when memory is short', () => {
	const traces = new Traces(1_000);
	traces.add(exported('gateway', 1, 2), 400);
	traces.add(exported('books', 2), 400);
	expect(servicesOf(traces.find(idOf(2)))).toEqual(['gateway', 'books']);
	expect(traces.find(idOf(2)).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans[0]?.spans)).toHaveLength(2);
	traces.add(exported('books', 3), 400);
	expect([1, 2, 3].map((trace) => servicesOf(traces.find(idOf(trace))))).toEqual([[], ['gateway', 'books'], ['books']]);
	traces.add(exported('books', 4), 5_000);
	expect([2, 3, 4].flatMap((trace) => servicesOf(traces.find(idOf(trace))))).toEqual([]);
});

/** Starts a recorder. `set` has the environments that it gave the functions. */
async function recorder() {
	const set: Readonly<Record<string, string>>[] = [];
	const { server, env } = await listenForSpans((each) => void set.push(each));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const ask = (method: string, path: string, token = env['RECORDER_TOKEN']): Promise<Response> =>
		fetch(`${env['RECORDER_URL']}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
	const send = (endpoint: string, body: string): Promise<Response> =>
		fetch(`${endpoint}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
	return { set, ask, send, url: env['RECORDER_URL'] ?? '' };
}

test('the functions send spans only while a recording runs, and once it is prolonged, still to the same place', async () => {
	const { set, ask, send } = await recorder();
	expect(await (await ask('GET', '/recording')).json()).toEqual({ until: null });
	const { until } = (await (await ask('PUT', '/recording?minutes=1')).json()) as { until: string };
	expect(Date.parse(until)).toBeGreaterThan(Date.now());
	await ask('PUT', '/recording?minutes=10');
	expect(set).toEqual([
		{ OTEL_EXPORTER_OTLP_ENDPOINT: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}$/) },
	]);
	const endpoint = set[0]?.['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '';
	expect((await send(endpoint, JSON.stringify(exported('books', 1)))).status).toBe(200);
	expect(await (await ask('GET', `/traces/${idOf(1)}`)).json()).toEqual(exported('books', 1));
	expect(await (await ask('GET', `/traces/${idOf(2)}`)).json()).toEqual({ resourceSpans: [] });
	expect(await (await ask('DELETE', '/recording')).json()).toEqual({ until: null });
	await ask('DELETE', '/recording');
	expect(set.slice(1)).toEqual([{}]);
	for (const bad of ['{', '{}', '{"resourceSpans": [1]}'])
		expect([bad, (await send(endpoint, bad)).status]).toEqual([bad, 400]);
});

test('neither reads nor takes spans of one who does not know the secrets, nor records for longer than an hour', async () => {
	const { set, ask, send, url } = await recorder();
	for (const [method, path] of [
		['GET', '/recording'],
		['PUT', '/recording?minutes=10'],
		['GET', `/traces/${idOf(1)}`],
	] as const)
		expect([path, (await ask(method, path, 'guess')).status]).toEqual([path, 401]);
	expect((await send(`${url}/guess`, JSON.stringify(exported('books', 1)))).status).toBe(401);
	for (const minutes of [0, 61]) expect((await ask('PUT', `/recording?minutes=${minutes}`)).status).toBe(404);
	expect(set).toEqual([]);
});
