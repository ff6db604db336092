import { expect, onTestFinished, test } from 'vitest';
import '../../../tests/library/catalog.ts';
import { asOwner, freshDatabase, serving } from '../../../tests/testing.ts';
import type { LoggedEvent } from '../api.ts';
import eventLog from '../function.ts';
import * as http from '../http.ts';

/** The events by id: the type, the emitter, and what has become of the only delivery. */
const events = {
	1: ['loan.requested', 'loans', 'pending'],
	2: ['loan.requested', 'loans', 'failing'],
	3: ['loan.requested', 'loans', 'handled'],
	4: ['loan.requested', 'loans', 'dead'],
	5: ['loan.requested', 'loans', 'discarded'],
	6: ['fine.issued', 'fines', 'handled'],
	7: ['fine.issued', 'fines', 'failing'],
	// A replay has opened its dead letter.
	8: ['fine.issued', 'fines', 'failing', 'replayed'],
} as const;

/** Serves a log of these events, with deliveries of loan.requested to shelves and of fine.issued to loans. */
async function serveLog() {
	const ownerUrl = await freshDatabase();
	const { fetch } = await serving(eventLog, { http }, { ownerUrl });
	await asOwner(ownerUrl, async (db) => {
		for (const [id, [type, emitter, status, resolution]] of Object.entries(events)) {
			const source = `/functions/${emitter}`;
			const trigger = type === 'loan.requested' ? 'shelves-on-loan-requested' : 'loans-on-fine-issued';
			await db.query(
				`insert into eventing.events (id, source, type, subject, dataschema, traceparent, data)
				 values ($1, $2, $3, '1', 'urn:x', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', '{}')`,
				[id, source, `dev.bodega.${type}`],
			);
			if (status !== 'pending')
				await db.query(
					'insert into eventing.deliveries (source, id, trigger, attempts, handled_at) values ($1, $2, $3, 1, $4)',
					[source, id, trigger, status === 'handled' ? '2026-01-05T09:00:00Z' : null],
				);
			if (status === 'dead' || status === 'discarded' || resolution)
				await db.query(
					`insert into eventing.dead_letters (source, event_id, trigger, event, resolution) values ($1, $2, $3, '{}', $4)`,
					[source, id, trigger, resolution ?? (status === 'discarded' ? status : null)],
				);
		}
		// As the relay does: no other delivery is open.
		await db.query(`update eventing.events set settled_at = now() where id in ('3', '5', '6')`);
	});
	return fetch;
}

/** Reads the first events of a stream, newest first. */
async function streamed(answer: Response, count: number): Promise<string[]> {
	const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
	onTestFinished(() => reader.cancel());
	const decoder = new TextDecoder();
	for (let text = ''; ; text += decoder.decode((await reader.read()).value, { stream: true })) {
		const found = [...text.matchAll(/^data: (.*)\n\n/gm)].map(([, json = '']) => JSON.parse(json) as LoggedEvent);
		if (found.length >= count) return found.map(({ id }) => id).reverse();
	}
}

test('lists and streams the events of a status and of a function', async () => {
	const fetch = await serveLog();
	for (const [query, wanted] of [
		['status=pending', ['1']],
		['status=failing', ['8', '7', '2']],
		['status=handled', ['6', '3']],
		['status=dead', ['4']],
		['status=discarded', ['5']],
		// The events that it emits, and those that it handles.
		['function=loans', ['8', '7', '6', '5', '4', '3', '2', '1']],
		['function=fines', ['8', '7', '6']],
		['function=shelves', ['5', '4', '3', '2', '1']],
		['function=nobody', []],
		// With a status, the deliveries to the function.
		['function=loans&status=failing', ['8', '7']],
		['function=fines&status=failing', []],
		['function=shelves&status=failing&type=dev.bodega.loan.requested', ['2']],
		['function=shelves&status=failing&type=dev.bodega.fine.issued', []],
		['function=loans&type=dev.bodega.loan.requested', ['5', '4', '3', '2', '1']],
		['function=loans&type=dev.bodega.fine.issued', ['8', '7', '6']],
		['function=fines&type=dev.bodega.loan.requested', []],
		['status=handled&type=dev.bodega.fine.issued', ['6']],
		['status=handled&type=dev.bodega.copy.reserved', []],
	] as const) {
		const list = (await (await fetch(`/api/events?${query}`)).json()) as LoggedEvent[];
		expect([query, list.map(({ id }) => id)]).toEqual([query, wanted]);
		const stream = await fetch(`/api/events?${query}`, { headers: { accept: 'text/event-stream' } });
		expect([query, await streamed(stream, wanted.length)]).toEqual([query, wanted]);
	}
});

test('rejects an unknown status with 422 that names the field', async () => {
	const fetch = await serveLog();
	const answer = await fetch('/api/events?status=failed');
	expect(answer.status).toBe(422);
	expect(await answer.json()).toMatchObject({ errors: [{ field: 'query.status' }] });
});
