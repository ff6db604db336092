import { once } from 'node:events';
import { request } from 'node:http';
import { expect } from 'vitest';
import { type Case, event, triggers } from './cases.ts';
import type { Delivery } from './receiver.ts';

/** A broker with the table's triggers, and the receiver that they lead to. */
export interface Setup {
	/** Address of the broker's ingress with the path of the broker. */
	readonly broker: string;
	/** Address of the receiver. */
	readonly receiver: string;
}

/** The manifests of a broker and the table's triggers, whose receiver has two names, such as `receiver:8080`. */
export function manifests(namespace: string, [host, alias]: readonly [string, string]): object[] {
	const metadata = (name: string) => ({ name, namespace });
	const eventing = { apiVersion: 'eventing.knative.dev/v1' };
	const sink = (uri: string) => ({ uri: uri.replace('HOST', host).replace('ALIAS', alias) });
	return [
		{ ...eventing, kind: 'Broker', metadata: metadata('table') },
		...Object.entries(triggers).map(([name, { uri, attributes = { trigger: name }, deadLetterSink, ...delivery }]) => ({
			...eventing,
			kind: 'Trigger',
			metadata: metadata(name),
			spec: {
				broker: 'table',
				filter: { attributes },
				subscriber: sink(uri),
				delivery: { retry: 0, ...delivery, ...(deadLetterSink ? { deadLetterSink: sink(deadLetterSink) } : {}) },
			},
		})),
	];
}

/** How the broker handled a case. */
export interface Outcome {
	readonly status: number | undefined;
	/** The deliveries, sorted by path. */
	readonly deliveries: Delivery[];
}

/** Publishes the event of every case, and returns what the receiver got of each. */
export async function runTable(cases: readonly Case[], { broker, receiver }: Setup): Promise<Outcome[]> {
	const statuses = await Promise.all(cases.map((one, index) => publish(broker, one, String(index))));
	const deliveries = (await (await fetch(receiver)).json()) as Delivery[];
	return statuses.map((status, index) => ({
		status,
		deliveries: deliveries
			.filter(({ headers }) => headers['ce-case'] === String(index))
			.sort((a, b) => a.path.localeCompare(b.path)),
	}));
}

async function publish(broker: string, { trigger = 'ok', headers, json, text }: Case, number: string) {
	const marks = { trigger, case: number };
	const marked = Object.entries(marks).map(([name, value]) => [`ce-${name}`, value]);
	const body = text ?? (json ? JSON.stringify({ ...event, ...marks, ...json }) : '{"a":1}');
	const mode = json || text !== undefined ? { 'content-type': 'application/cloudevents+json' } : binaryEvent;
	const given = Object.entries({ ...mode, ...Object.fromEntries(marked), ...headers }).filter(
		([, value]) => value !== undefined,
	);
	// `fetch` would not send a header twice, and would refuse some values.
	const sent = request(broker, { method: 'POST', headers: Object.fromEntries(given) as Record<string, string> });
	sent.end(body);
	const [response] = await once(sent, 'response');
	response.resume();
	return response.statusCode as number | undefined;
}

const binaryEvent = Object.fromEntries([
	...Object.entries(event).map(([name, value]) => [`ce-${name}`, value]),
	['content-type', 'application/json'],
]);

/** Expects that a broker has handled a case as the table says. */
export function expectOutcome(
	{ status, deliveries = status === 202 ? 1 : 0, received = {}, body }: Case,
	outcome: Outcome | undefined,
): void {
	const last = outcome?.deliveries.at(-1);
	expect([outcome?.status, outcome?.deliveries.length]).toEqual([status, deliveries]);
	for (const [name, value] of Object.entries(received)) expect([name, last?.headers[name]]).toEqual([name, value]);
	if (body !== undefined) expect(last?.body).toBe(body);
}
