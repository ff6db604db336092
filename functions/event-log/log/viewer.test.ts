import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { asAdmin, asOwner, asUser, freshDatabase, serving } from '../../../tests/testing.ts';
import '../../../tests/library/catalog.ts';
import type { LoggedEvent } from '../api.ts';
import eventLog from '../function.ts';
import * as http from '../http.ts';

const ada = randomUUID();
const callers = { stranger: {}, other: asUser(), owner: asUser(ada), admin: asAdmin } as const;
type Caller = keyof typeof callers;
const everyone = Object.keys(callers) as Caller[];

/** The events by id: the type, the subject, the data, and the callers who see the subject. */
const events: Record<string, readonly [string, string, object | null, readonly Caller[]]> = {
	open: ['loan.requested', 'loan 1', { loan_id: 1 }, everyone],
	nulled: ['loan.requested', 'loan 2', { account_id: null }, everyone],
	bare: ['loan.requested', 'loan 3', null, everyone],
	owned: ['loan.requested', 'loan 4', { account_id: ada }, ['owner', 'admin']],
	odd: ['loan.requested', 'loan 5', { account_id: 7 }, ['admin']],
	// By its id the first event of the trace, so all others name it as their origin.
	'a-secret': ['fine.issued', 'fine 1', { loan_id: 1 }, ['admin']],
	mine: ['fine.issued', 'fine 2', { account_id: ada }, ['owner', 'admin']],
	// An older release emitted this type.
	unknown: ['loan.renewed', 'loan 6', {}, ['admin']],
};
const ids = Object.keys(events);

/** Serves the log with these events, all of one trace and each with a failed attempt. */
async function serveLog() {
	const ownerUrl = await freshDatabase();
	const { fetch } = await serving(eventLog, { http }, { ownerUrl });
	await asOwner(ownerUrl, async (db) => {
		for (const [id, [type, subject, data]] of Object.entries(events))
			await db.query(
				`insert into eventing.events (id, source, type, subject, dataschema, traceparent, data) values
				 ($1, '/functions/loans', $2, $3, 'urn:x', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', $4)`,
				[id, `dev.bodega.${type}`, subject, JSON.stringify(data)],
			);
		await db.query(
			`insert into eventing.deliveries (source, id, trigger, attempts, received_at, failures)
			 select source, e.id, t.name, 1, now(), '[{"at": "2026-01-05T09:00:00.000Z", "error": "(loan_id)=(4)"}]'
			 from eventing.events e join eventing.triggers t on t.type = e.type`,
		);
	});
	return fetch;
}

/** Reads the first events of a stream. */
async function firstOf(response: Response, count: number): Promise<LoggedEvent[]> {
	const reader = (response.body as ReadableStream<Uint8Array>).getReader();
	onTestFinished(() => reader.cancel());
	const decoder = new TextDecoder();
	let text = '';
	for (;;) {
		const found = [...text.matchAll(/^data: (.*)\n\n/gm)].map(([, json = '']) => JSON.parse(json) as LoggedEvent);
		if (found.length >= count) return found;
		text += decoder.decode((await reader.read()).value, { stream: true });
	}
}

const seenBy = (caller: Caller) =>
	Object.fromEntries(ids.map((id) => [id, events[id]?.[3].includes(caller) ? events[id][1] : undefined]));
const subjectsOf = (all: readonly LoggedEvent[]) => Object.fromEntries(all.map(({ id, subject }) => [id, subject]));

test.each(everyone)('shows %s a subject only where they are allowed to see it', async (caller) => {
	const fetch = await serveLog();
	const headers = callers[caller];
	const list = async (query = '') => (await (await fetch(`/api/events${query}`, { headers })).json()) as LoggedEvent[];
	const one = async (id: string) => (await (await fetch(`/api/events/${id}`, { headers })).json()) as LoggedEvent;
	const stream = await fetch('/api/events', { headers: { ...headers, accept: 'text/event-stream' } });
	const answers = {
		list: await list(),
		trace: await list('?trace=4bf92f3577b34da6a3ce929d0e0e4736'),
		one: await Promise.all(ids.map(one)),
		stream: await firstOf(stream, ids.length),
	};
	for (const [way, answer] of Object.entries(answers)) expect([way, subjectsOf(answer)]).toEqual([way, seenBy(caller)]);
	// Neither ids nor accounts leak elsewhere.
	const hidden = ids.flatMap((id) => (seenBy(caller)[id] === undefined ? [events[id]?.[1] ?? ''] : []));
	for (const text of caller === 'admin' ? [] : [...hidden, ada, 'loan_id'])
		expect(JSON.stringify(answers)).not.toContain(text);
});

test.each(everyone)('finds for %s only subjects that they are allowed to see', async (caller) => {
	const fetch = await serveLog();
	const headers = callers[caller];
	for (const [id, [, subject]] of Object.entries(events)) {
		const query = `?subject=${encodeURIComponent(subject)}`;
		const found = (await (await fetch(`/api/events${query}`, { headers })).json()) as LoggedEvent[];
		const wanted = seenBy(caller)[id] === undefined ? [] : [id];
		expect([id, found.map((event) => event.id)]).toEqual([id, wanted]);
		if (wanted.length === 0) continue;
		const stream = await fetch(`/api/events${query}`, { headers: { ...headers, accept: 'text/event-stream' } });
		expect((await firstOf(stream, 1)).map((event) => event.id)).toEqual(wanted);
	}
});

test('a stream that is filtered by a hidden subject sends nothing', async () => {
	const fetch = await serveLog();
	const stop = new AbortController();
	const stream = await fetch('/api/events?subject=loan%204', {
		headers: { accept: 'text/event-stream' },
		signal: stop.signal,
	});
	const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
	// The first part is the setting of the stream. The next one would be the event, in the same moment.
	expect(new TextDecoder().decode((await reader.read()).value)).toBe('retry: 1000\n\n');
	// A later stream of the public event has arrived, so the hidden one would have been sent.
	const open = await fetch('/api/events?subject=loan%201', { headers: { accept: 'text/event-stream' } });
	expect(await firstOf(open, 1)).toHaveLength(1);
	const next = reader.read().then(
		({ value }) => new TextDecoder().decode(value),
		() => 'nothing',
	);
	stop.abort();
	expect(await next).toBe('nothing');
});

test('shows the errors of failed attempts only to an admin, and when they failed to everyone', async () => {
	const fetch = await serveLog();
	for (const caller of everyone) {
		const headers = callers[caller];
		const at = '2026-01-05T09:00:00.000Z';
		const event = (await (await fetch('/api/events/owned', { headers })).json()) as LoggedEvent;
		const stream = await fetch('/api/events', { headers: { ...headers, accept: 'text/event-stream' } });
		const streamed = (await firstOf(stream, ids.length)).find(({ id }) => id === 'owned');
		const when = { publication: null, times: 1, first_at: at, at };
		const failures = [caller === 'admin' ? { ...when, error: '(loan_id)=(4)' } : when];
		for (const seen of [event, streamed]) expect([caller, seen?.deliveries[0]?.failures]).toEqual([caller, failures]);
	}
});
