import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import { beforeAll, expect, inject, test } from 'vitest';
import { addBook } from '../books-stock.ts';
import { asAdmin, eventually, post, target, visit } from '../setup/visitor.ts';

const shop = inject('shop');

/** The customer's name, which is in no other order. */
const name = `Ada ${randomUUID()}`;
const callers: Record<'stranger' | 'other' | 'owner' | 'admin', Record<string, string>> = {
	stranger: {},
	other: {},
	owner: {},
	admin: asAdmin,
};
type Caller = keyof typeof callers;
const strangers = ['stranger', 'other'] as const;
const entitled = ['owner', 'admin'] as const;
const everyone: readonly Caller[] = [...strangers, ...entitled];

/** An order, the trace of its events, and its invoice. */
interface Placed {
	readonly id: number;
	readonly trace: string;
	readonly invoice: string;
}
let own: Placed;
let open: Placed;

const get = (caller: Caller, path: string) => visit('gateway', path, { headers: callers[caller] });

async function newUser(): Promise<Record<string, string>> {
	const account = { email: `${randomUUID()}@example.com`, name: 'Someone', password: 'correct horse battery' };
	expect((await post('/api/users', account)).status).toBe(201);
	const { json } = await post('/api/users/session', account);
	return { authorization: `Bearer ${json.access_token}` };
}

async function place(book_id: number, headers: Record<string, string>): Promise<Placed> {
	const order = { customer_name: name, lines: [{ book_id, quantity: 1 }] };
	const { json } = await post('/api/orders', order, { ...headers, prefer: 'wait=30' });
	expect(json.status).toBe('completed');
	const [invoice] = (await get('admin', `/api/billing?order_id=${json.id}`)).json;
	const [event] = (await get('admin', `/api/events?type=dev.bodega.order.placed&subject=${json.id}`)).json;
	return { id: json.id, trace: event.traceparent.split('-')[1], invoice: invoice.id };
}

beforeAll(async () => {
	callers.other = await newUser();
	callers.owner = await newUser();
	const book = await addBook(5);
	open = await place(book, {});
	own = await place(book, callers.owner);
}, 120_000);

/** Reads a stream until `isWhole` holds for its text, or it ends. */
async function streamOf(caller: Caller, path: string, isWhole: (text: string) => boolean) {
	const leaving = new AbortController();
	const { statusCode, body } = await request(`${shop.url}${path}`, {
		headers: { host: shop.hosts['gateway'] ?? '', accept: 'text/event-stream', ...callers[caller] },
		signal: leaving.signal,
	});
	let text = '';
	for await (const chunk of body.setEncoding('utf8')) {
		text += chunk;
		if (isWhole(text)) break;
	}
	leaving.abort();
	return { status: statusCode, text };
}

const idsOf = (rows: { id: number }[]): number[] =>
	rows.map(({ id }) => id).filter((id) => [own.id, open.id].includes(id));

test('lists an account’s order for its customer and for admins, and other orders for everyone', async () => {
	for (const caller of strangers)
		expect([caller, idsOf((await get(caller, '/api/orders')).json)]).toEqual([caller, [open.id]]);
	for (const caller of entitled)
		expect([caller, idsOf((await get(caller, '/api/orders')).json)]).toEqual([caller, [own.id, open.id]]);
	expect((await get('stranger', '/api/orders/mine')).status).toBe(401);
	expect((await get('other', '/api/orders/mine')).json).toEqual([]);
	expect((await get('owner', '/api/orders/mine')).json).toMatchObject([{ id: own.id, customer_name: name }]);
	// A next page hides it too.
	for (const caller of strangers)
		expect(idsOf((await get(caller, `/api/orders?limit=1000&after=${own.id + 1}`)).json)).toEqual([open.id]);
});

test('finds an account’s order for its customer and for admins, also as a stream', async () => {
	const statusesOf = async (caller: Caller, { id }: Placed): Promise<number[]> => [
		(await get(caller, `/api/orders/${id}`)).status,
		(await get(caller, `/api/commandes/${id}`)).status,
		(await streamOf(caller, `/api/orders/${id}`, () => false)).status,
	];
	for (const caller of everyone) {
		const status = entitled.some((one) => one === caller) ? 200 : 404;
		expect([caller, await statusesOf(caller, own)]).toEqual([caller, [status, status, status]]);
		expect([caller, await statusesOf(caller, open)]).toEqual([caller, [200, 200, 200]]);
	}
	const detailOf = async (id: number) => (await get('stranger', `/api/orders/${id}`)).json.detail.replace(`${id}`, '');
	expect(await detailOf(own.id)).toBe(await detailOf(2_000_000_000));
});

test('finds an account’s invoice for its customer and for admins, and any other invoice by its id', async () => {
	for (const caller of everyone) {
		const status = entitled.some((one) => one === caller) ? 200 : 404;
		expect([caller, (await get(caller, `/api/billing/${own.invoice}`)).status]).toEqual([caller, status]);
		expect([caller, (await get(caller, `/api/billing/${open.invoice}`)).status]).toEqual([caller, 200]);
	}
	expect((await get('stranger', '/api/billing')).status).toBe(401);
	expect((await get('owner', '/api/billing')).status).toBe(403);
	expect((await get('owner', '/api/billing/mine')).json).toMatchObject([{ id: own.invoice }]);
});

/** The subjects of the events of an order, oldest first. */
const subjectsOf = async (caller: Caller, { trace }: Placed): Promise<unknown[]> =>
	(await get(caller, `/api/events?trace=${trace}`)).json
		.toReversed()
		.map(({ type, subject }: { type: string; subject?: string }) => [type.replace('dev.bodega.', ''), subject]);

test('shows the subjects of an account’s events to it and to admins, and ids of invoices to no stranger', async () => {
	const [book] = (await get('admin', `/api/events?trace=${open.trace}&type=dev.bodega.stock.reserved`)).json;
	const all = ({ id, invoice }: Placed) => [
		['order.placed', String(id)],
		['stock.reserved', book.subject],
		['invoice.issued', invoice],
	];
	const none = all(own).map(([type]) => [type, undefined]);
	for (const caller of strangers) expect([caller, await subjectsOf(caller, own)]).toEqual([caller, none]);
	for (const caller of entitled) expect([caller, await subjectsOf(caller, own)]).toEqual([caller, all(own)]);
	for (const caller of ['stranger', 'other', 'owner'] as const)
		expect([caller, await subjectsOf(caller, open)]).toEqual([caller, [...all(open).slice(0, 2), none[2]]]);
	expect(await subjectsOf('admin', open)).toEqual(all(open));
});

test('finds an account’s events by their subject for it and for admins only, also as a stream', async () => {
	const path = `/api/events?type=dev.bodega.order.placed&subject=${own.id}`;
	for (const caller of strangers) expect([caller, (await get(caller, path)).json]).toEqual([caller, []]);
	for (const caller of strangers) expect((await get(caller, `/api/events?subject=${own.invoice}`)).json).toEqual([]);
	for (const caller of strangers) expect((await get(caller, `/api/events?subject=${open.invoice}`)).json).toEqual([]);
	for (const caller of entitled) {
		expect([caller, (await get(caller, path)).json.length]).toEqual([caller, 1]);
		const { text } = await streamOf(caller, path, (received) => received.includes('data: '));
		expect(text).toContain(`"subject":"${own.id}"`);
	}
});

test('nothing that a stranger can read names an account’s order or an invoice', async () => {
	const { id } = (await get('admin', `/api/events?subject=${own.invoice}`)).json[0];
	const anonymous = await post('/api/billing', { user_id: 3, number_of_items: 5, total_amount: '180.00' });
	const at = String(anonymous.headers['location']);
	await eventually('it is issued', async () => (await get('stranger', at)).status === 200);
	for (const caller of strangers) {
		const texts = [
			...['/api/orders?limit=1000', '/api/events?limit=1000', `/api/events/${id}`, '/api/map', '/api/functions'],
			...['/api/info', '/api/books', '/metrics'],
		].map(async (path) => [path, (await get(caller, path)).text] as const);
		// The newest event is the last one that the stream sends first.
		const stream = streamOf(caller, `/api/events?trace=${own.trace}`, (text) => text.split('data: ').length > 3);
		for (const [path, text] of [...(await Promise.all(texts)), ['stream', (await stream).text] as const]) {
			for (const secret of [own.invoice, open.invoice, anonymous.json.id])
				expect([path, text.includes(secret)]).toEqual([path, false]);
			expect([path, text.includes(`"subject":"${own.id}"`)]).toEqual([path, false]);
			if (path !== '/api/orders?limit=1000') expect([path, text.includes(name)]).toEqual([path, false]);
		}
	}
	const { json } = await get('stranger', '/api/orders?limit=1000');
	expect(json.filter((order: { customer_name: string }) => order.customer_name === name)).toHaveLength(1);
	if (target === 'local') expect((await get('stranger', '/metrics')).status).toBe(200);
});

test('the same Idempotency-Key of another account places another order, and a 422 names none', async () => {
	const order = { customer_name: 'Someone', lines: [{ book_id: await addBook(5), quantity: 1 }] };
	const key = { 'idempotency-key': randomUUID() };
	const ids = [];
	for (const caller of ['owner', 'other', 'stranger', 'owner'] as const) {
		const { status, json } = await post('/api/orders', order, { ...callers[caller], ...key });
		expect([caller, status]).toEqual([caller, 201]);
		ids.push(json.id);
	}
	expect(new Set(ids.slice(0, 3)).size).toBe(3);
	expect(ids[3]).toBe(ids[0]);
	const { status, text } = await post('/api/orders', { ...order, customer_name: 'Someone else' }, key);
	expect(status).toBe(422);
	expect(text.replace(/"traceId":"\w+"/, '')).not.toMatch(new RegExp(`\\b(${ids.join('|')})\\b`));
});
