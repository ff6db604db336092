import { expect, test } from 'vitest';
import { asAdmin, eventually, post, visit } from '../setup/visitor.ts';

const decimal = /^\d+\.\d\d$/;

test.each([
	['numbers', { user_id: 3, number_of_items: 5, total_amount: 180 }],
	['numbers in strings', { user_id: '3', number_of_items: '5', total_amount: '180' }],
])('accepts %s, answers 202 with a Location, and the invoice appears there', async (_what, body) => {
	const answer = await post('/api/billing', body);
	expect(answer.status).toBe(202);
	const at = String(answer.headers['location']);
	const invoice = await eventually('the invoice', async () => {
		const there = await visit('gateway', at);
		return there.status === 200 && there.json;
	});
	expect(invoice).toMatchObject({ user_id: 3, number_of_items: 5, total_amount: '180.00', order_id: null });
});

test('lists all invoices only to an admin', async () => {
	expect((await visit('gateway', '/api/billing')).status).toBe(401);
	const { status, json } = await visit('gateway', '/api/billing?limit=1', { headers: asAdmin });
	expect([status, decimal.test(json[0].total_amount)]).toEqual([200, true]);
});
