import { expect, onTestFinished, test } from 'vitest';
import { addBook } from '../books-stock.ts';
import { bodega } from '../setup/bodega.ts';
import { asAdmin, eventually, post, target, visit } from '../setup/visitor.ts';

const drill = '/api/drills/billing';
const begin = (headers: Record<string, string>) => visit('gateway', drill, { method: 'PUT', headers, body: {} });
const mend = () => visit('gateway', drill, { method: 'DELETE', headers: asAdmin });

/** Signs up a user who is not an admin, and returns their headers. */
async function asVisitor(): Promise<Record<string, string>> {
	const account = { email: `drill-${Date.now()}@example.com`, name: 'Ada', password: 'correct horse battery' };
	expect((await post('/api/users', account)).status).toBe(201);
	const { json } = await post('/api/users/session', account);
	return { authorization: `Bearer ${json.access_token}` };
}

const statusOf = async (order: number): Promise<string> => (await visit('gateway', `/api/orders/${order}`)).json.status;

test('an order waits while a drill breaks billing, and completes with one invoice after the drill ends', async () => {
	expect((await begin({})).status).toBe(401);
	expect((await begin(await asVisitor())).status).toBe(403);
	const book_id = await addBook(1);
	onTestFinished(async () => void (await mend()));
	expect((await begin(asAdmin)).json).toMatchObject({ function: 'billing' });

	const { json: order } = await post('/api/orders', { customer_name: 'Ada', lines: [{ book_id, quantity: 1 }] });
	const [{ traceparent }] = (await visit('gateway', `/api/events?type=dev.bodega.order.placed&subject=${order.id}`))
		.json;
	const trace = traceparent.split('-')[1];
	const reserved = await eventually('billing fails', async () => {
		const { json } = await visit('gateway', `/api/events?trace=${trace}&type=dev.bodega.stock.reserved`, {
			headers: asAdmin,
		});
		return json[0]?.deliveries[0].attempts > 1 && json[0];
	});
	expect(reserved.deliveries).toMatchObject([
		{ function: 'billing', status: 'failing', handled_at: null, failures: expect.arrayContaining([expect.anything()]) },
	]);
	for (const { error } of reserved.deliveries[0].failures)
		expect(error).toMatch(/^a drill: billing is broken on purpose until \d\d:\d\d UTC$/);
	expect(await statusOf(order.id)).toBe('pending');
	const { json: drills } = await visit('gateway', '/api/drills', { headers: asAdmin });
	expect(drills).toMatchObject([{ function: 'billing', waiting: 1 }]);

	expect((await mend()).json).toEqual({ published: 1 });
	await eventually('the order is settled', async () => (await statusOf(order.id)) === 'completed');
	const { json: events } = await visit('gateway', `/api/events?trace=${trace}`);
	// Oldest first; each names the event that caused it.
	const [placed, then, issued] = events.reverse();
	expect([placed.cause, then.cause, issued.cause]).toEqual([null, placed.id, then.id]);
	expect(events).toHaveLength(3);
	const invoices = await visit('gateway', `/api/billing?order_id=${order.id}`, { headers: asAdmin });
	expect(invoices.json).toHaveLength(1);
});

test.each(['billing', 'books', 'orders'])('bodega drill %s completes every order exactly once', async (fn) => {
	await addBook(1000);
	const { code, output, errors } = await bodega(['drill', fn, '--orders', '2', '--json']);
	expect([code, code === 0 || errors]).toEqual([0, true]);
	const told = JSON.parse(output);
	expect(told).toMatchObject({ function: fn, ok: true, orders: [{ invoices: 1 }, { invoices: 1 }] });
	for (const { status, events } of told.orders) {
		expect(status).toBe('completed');
		for (const { failures } of events) expect(failures[0].error).toContain(`a drill: ${fn} is broken on purpose`);
	}
	expect(errors).toContain('attempt 1: a drill');
	expect((await visit('gateway', '/api/drills', { headers: asAdmin })).json).toEqual([]);
});

const told = (output: string) =>
	JSON.parse(output) as {
		readonly orders: readonly {
			readonly invoices: number;
			readonly events: readonly { readonly failures: readonly { readonly error: string }[] }[];
		}[];
	};

test.each([
	['latency', ['--milliseconds', '700'], 'billing slowed down by 700 ms per event'],
	['failures', ['--percent', '40'], '40 % of the attempts of billing failing'],
	['broker', [], 'the memory of the Broker lost'],
] as const)('bodega drill %s loses no order', async (kind, options, line) => {
	await addBook(1000);
	const { code, output, errors } = await bodega(['drill', kind, 'billing', ...options, '--orders', '2', '--json']);
	// With Compose, the operator restarts the Broker.
	if (kind === 'broker' && target === 'compose') {
		expect([code, errors]).toEqual([1, expect.stringContaining('docker compose restart broker')]);
		return;
	}
	expect([code, code === 0 || errors]).toEqual([0, true]);
	expect(errors).toContain(line);
	expect(told(output)).toMatchObject({
		kind,
		function: 'billing',
		ok: true,
		orders: [{ invoices: 1 }, { invoices: 1 }],
	});
	expect((await visit('gateway', '/api/drills', { headers: asAdmin })).json).toEqual([]);
});

test('bodega drill poison makes one event a dead letter at its first attempt, and the replay settles the order', async () => {
	await addBook(1000);
	const { code, output, errors } = await bodega(['drill', 'poison', 'billing', '--orders', '2', '--json']);
	expect([code, code === 0 || errors]).toEqual([0, true]);
	const { orders } = told(output);
	expect(orders).toMatchObject([
		{ status: 'completed', invoices: 1 },
		{ status: 'completed', invoices: 1 },
	]);
	const [poisoned, ...others] = orders.flatMap(({ events }) => events).filter(({ failures }) => failures.length > 0);
	expect(others).toEqual([]);
	expect(poisoned?.failures).toMatchObject([
		{ times: 1, error: expect.stringContaining('a drill: this event is poison') },
	]);
	const { json: events } = await visit('gateway', `/api/events/${(poisoned as unknown as { id: string }).id}`, {
		headers: asAdmin,
	});
	expect(events.deliveries).toMatchObject([{ status: 'handled', resolution: 'replayed' }]);
});

test('bodega drill rejects invalid options, an unreachable shop and a wrong password, and breaks nothing', async () => {
	expect(await bodega(['drill', 'reference'])).toMatchObject({
		code: 2,
		errors: expect.stringContaining('billing, books, orders'),
	});
	expect(await bodega(['drill', '--orders', '0'])).toMatchObject({ code: 2 });
	expect(await bodega(['drill', 'latency', '--percent', '5'])).toMatchObject({
		code: 2,
		errors: expect.stringContaining('--percent: unknown option'),
	});
	expect(await bodega(['drill', 'billing', 'books'])).toMatchObject({
		code: 2,
		errors: expect.stringContaining('expected one of latency, failures, poison, broker'),
	});
	expect(await bodega(['drill', '--url', 'nonsense'])).toMatchObject({ code: 2 });
	expect(await bodega(['drill', '--url', 'http://127.0.0.1:9'])).toMatchObject({ code: 3 });
	// On a cluster the command reads the password from the Secret, so it cannot be wrong.
	if (target !== 'cluster') {
		expect(await bodega(['drill'], 'guess')).toMatchObject({
			code: 2,
			errors: expect.stringContaining('rejects this password'),
		});
		expect(await bodega(['drill'], '')).toMatchObject({ code: 2, errors: expect.stringContaining('ADMIN_PASSWORD') });
	}
	expect((await visit('gateway', '/api/drills', { headers: asAdmin })).json).toEqual([]);
});
