import { randomBytes, randomUUID } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import orders from '../../../functions/orders/function.ts';
import { addBook } from '../books-stock.ts';
import { bodega } from '../setup/bodega.ts';
import { eventually, post, target } from '../setup/visitor.ts';

const shop = inject('shop');
const place =
	target === 'cluster'
		? `The shop in namespace ${shop.namespace} of context `
		: `The shop on this machine, ${shop.url}`;
/** A shop in containers has no commands but those that take its URL. */
const testBoth = test.runIf(target !== 'compose');

/** Places an order of a new account, and returns its id and its trace. */
async function order(): Promise<{ id: number; trace: string }> {
	const account = { email: `${randomUUID()}@example.com`, name: 'Ada', password: 'correct horse battery' };
	expect((await post('/api/users', account)).status).toBe(201);
	const { json: session } = await post('/api/users/session', account);
	const trace = randomBytes(16).toString('hex');
	const { json } = await post(
		'/api/orders',
		{ customer_name: 'Ada', lines: [{ book_id: await addBook(1), quantity: 1 }] },
		{
			authorization: `Bearer ${session.access_token}`,
			traceparent: `00-${trace}-b7ad6b7169203331-01`,
			prefer: 'wait=60',
		},
	);
	expect(json.status).toBe('completed');
	return { id: json.id, trace };
}

testBoth('status shows each function, the broker, the database and the events, and says of which shop', async () => {
	await order();
	const { code, output, errors } = await bodega(['status', '--json']);
	expect([code, errors.startsWith(place)]).toEqual([0, true]);
	const status = JSON.parse(output);
	expect(status).toMatchObject({ place: target === 'local' ? 'laptop' : 'cluster', ready: true, problems: [] });
	expect(status.functions.find(({ name }: { name: string }) => name === 'orders')).toMatchObject({
		// On a busy machine it can be at zero again by now.
		state: expect.stringMatching(/^(ready|zero)$/),
		...(target === 'local' ? { requests: expect.any(Number), cold_start_ms: expect.any(Number) } : {}),
	});
	expect(status.database).toMatchObject({ unhandled: expect.any(Number), dead_letters: expect.any(Number) });
	expect(status.database.events).toContainEqual(expect.objectContaining({ type: 'dev.bodega.invoice.issued' }));
	expect(status.objects).toContainEqual({ kind: 'Broker', name: 'default', ready: true, failed: false });
	const told = await bodega(['status']);
	expect(told.output).toMatch(/^ {2}orders +(\d+ instance|at zero)/m);
	expect(told.output).toMatch(/^ {2}Broker +1 of 1 ready; triggers \d+ of \d+ ready; schedules \d+ of \d+ ready$/m);
	expect(told.output).toMatch(/^ {2}Events +\d+ waiting, \d+ dead letters$/m);
});

testBoth('logs prints the lines of functions and of a trace, after the fact and as they come', async () => {
	const { trace } = await order();
	await eventually('the line is stored', async () => {
		const { code, output, errors } = await bodega([
			'logs',
			'orders',
			'billing',
			'--since',
			'5m',
			'--trace',
			trace.slice(0, 8),
		]);
		if (code !== 0) return false;
		expect(errors.startsWith(place)).toBe(true);
		for (const line of output.trim().split('\n'))
			expect(line).toMatch(new RegExp(`^(orders|billing)(-events)? \\| .*${trace}`));
		return /^orders \| .*"path":"\/api\/orders"/m.test(output) && /^billing-events \| /m.test(output);
	});
	expect(await bodega(['logs', '--trace', '0'.repeat(32), '--since', '1s'])).toMatchObject({ output: '' });
	const { output } = await bodega(['logs', 'orders', '--tail', '1']);
	// On a cluster it is one line of each instance, of which an earlier test can have left several.
	const lines = output.match(/^orders \| /gm)?.length ?? 0;
	expect([lines > 0, lines <= (target === 'cluster' ? orders.scale.max : 1)]).toEqual([true, true]);
});

test('events shows whose order it is to the admin, and otherwise says what is hidden', async () => {
	const { id, trace } = await order();
	const last = async (password?: string) => {
		const { code, output, errors } = await bodega(['events', '--json', '--limit', '50'], password);
		expect(code).toBe(0);
		const events = output
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line));
		return {
			errors,
			event: events.find(({ type, traceparent }) => type.endsWith('order.placed') && traceparent.includes(trace)),
		};
	};
	const signedIn = await last();
	expect([signedIn.event.subject, signedIn.errors]).toEqual([String(id), expect.not.stringContaining('Not signed in')]);
	// On a cluster the command reads the password from the Secret.
	if (target === 'cluster') return;
	for (const [password, why] of [
		['', 'ADMIN_PASSWORD is not set'],
		['guess', 'the shop rejects this password'],
	] as const) {
		const { event, errors } = await last(password);
		expect([event.subject, errors]).toEqual([undefined, expect.stringContaining(`Not signed in, because ${why}`)]);
	}
});

test('events prints only those that match its filters, and rejects a status that no delivery can have', async () => {
	const { id, trace } = await order();
	const only = ['--type', 'order.placed', '--subject', String(id), '--function', 'books', '--status'];
	const { output } = await bodega(['events', '--json', ...only, 'handled']);
	expect(output.trim().split('\n')).toHaveLength(1);
	expect(JSON.parse(output).traceparent).toContain(trace);
	expect((await bodega(['events', '--json', ...only, 'dead'])).output).toBe('');
	const refused = await bodega(['events', ...only, 'failed']);
	expect([refused.code, refused.errors]).toEqual([2, expect.stringContaining('Allowed choices are pending, failing')]);
});

// On a cluster the command forwards a port until it is interrupted.
test.runIf(target === 'local')('open prints the address of the shop', async () => {
	const { code, output, errors } = await bodega(['open', '--no-browser']);
	expect([code, output, errors]).toEqual([0, `${shop.url}\n`, `${place}\n`]);
});
