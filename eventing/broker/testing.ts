import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { type BrokerOptions, startBroker } from './broker.ts';
import type { LogLine } from './log.ts';
import { brokersOf } from './manifest/manifest.ts';
import { parseObjects } from './manifest/objects.ts';

/** A request that a subscriber received. */
export interface Received {
	path: string;
	headers: IncomingHttpHeaders;
	body: string;
}

/** Handles request number `n`, counted from 1, to one path. A response that is never ended stays open. */
export type Behaviour = (response: ServerResponse, n: number, received: Received) => void;

/** Records its requests until the test ends. A path that has none of the `behaviours` answers 200. */
export async function startSubscriber(behaviours: Record<string, Behaviour> = {}) {
	const received: Received[] = [];
	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk);
		const path = request.url ?? '';
		const one = { path, headers: request.headers, body: Buffer.concat(chunks).toString() };
		received.push(one);
		const behave = behaviours[path] ?? ((answer) => answer.end());
		behave(response, at(path).length, one);
		server.emit('received', one);
	});
	const at = (path: string): Received[] => received.filter((one) => one.path === path);
	await once(server.listen(0, '127.0.0.1'), 'listening');
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		at,
		/** Resolves when a path has received `count` requests. */
		async until(path: string, count: number): Promise<Received[]> {
			while (at(path).length < count) await once(server, 'received');
			return at(path);
		},
	};
}

export const answering =
	(status: number, body = '', headers: Record<string, string> = {}): Behaviour =>
	(response) =>
		response.writeHead(status, headers).end(body);

export const replying = (type: string, status = 200, headers: Record<string, string> = {}): Behaviour =>
	answering(status, '{"reply":true}', {
		'ce-specversion': '1.0',
		'ce-id': `${type}-id`,
		'ce-source': '/replier',
		'ce-type': type,
		'content-type': 'application/json',
		...headers,
	});

type Spec = Record<string, unknown>;

/** Returns a Trigger of the broker `shop`. By default it selects every event and does not retry. */
export const trigger = (name: string, uri: string, spec: Spec = {}): Spec => ({
	apiVersion: 'eventing.knative.dev/v1',
	kind: 'Trigger',
	metadata: { name },
	spec: { broker: 'shop', subscriber: { uri }, delivery: { retry: 0 }, ...spec },
});

export const brokerObject = (spec?: Spec): Spec => ({
	apiVersion: 'eventing.knative.dev/v1',
	kind: 'Broker',
	metadata: { name: 'shop' },
	...(spec === undefined ? {} : { spec }),
});

export const toYaml = (...objects: Spec[]): string => objects.map((object) => stringify(object)).join('---\n');

/** Runs a broker `shop` with some triggers until the test ends. Returns it with its log. */
export async function serve(
	triggers: Spec[],
	broker: Spec = brokerObject(),
	bounds: NonNullable<BrokerOptions['bounds']> = {},
) {
	const log: LogLine[] = [];
	const manifests = brokersOf(parseObjects('test.yaml', toYaml(broker, ...triggers)));
	const running = await startBroker({ manifests, port: 0, bounds, log: (line) => log.push(line) });
	onTestFinished(() => running.close(0));
	return { ...running, log, shop: `${running.url}/default/shop` };
}

export const eventHeaders = {
	'ce-specversion': '1.0',
	'ce-id': '1',
	'ce-source': '/test',
	'ce-type': 'placed',
	'content-type': 'application/json',
};

/** Posts an event in binary mode and waits for the broker's response. A header that is undefined is omitted. */
export async function publishTo(url: string, headers: Record<string, string | undefined> = {}, body = '{"a":1}') {
	const all = Object.entries({ ...eventHeaders, ...headers }).filter(([, value]) => value !== undefined);
	const response = await fetch(url, { method: 'POST', headers: all as [string, string][], body });
	return { status: response.status, headers: response.headers, body: await response.text() };
}
