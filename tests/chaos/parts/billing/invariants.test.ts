import { expect, test } from 'vitest';
import type { Exchange } from '../../history.ts';
import { judge } from '../../invariants/invariant.ts';
import { invariants } from './invariants.ts';

const request = (user_id: number, status: number, answer?: unknown): Exchange => ({
	...{ client: 'Fay', fn: 'billing', operation: 'requestInvoice', method: 'POST', path: '/api/billing', headers: {} },
	...{ body: { user_id }, sent: 0, ended: 1, status, answer },
});
const invoice = (user_id: number, id = `invoice of ${user_id}`) => ({
	...{ id, order_id: null, user_id, customer_name: null, lines: [], number_of_items: 1, total_amount: '1.00' },
	created_at: '2026-01-05T09:00:00.000Z',
});
const nothing = { detail: 'The database does not answer. Nothing was changed.' };

const violated = (exchanges: readonly Exchange[], invoices: readonly ReturnType<typeof invoice>[]): string[] =>
	judge(invariants, { exchanges, faults: [], at: Date.parse }, { invoices })
		.filter(({ violations }) => violations.length)
		.map(({ claim }) => claim);

const acknowledged = request(1, 202, { id: 'invoice of 1' });

test('accepts one invoice for an acknowledged request, and none or one for an unknown outcome', () => {
	const lost = [request(1, 503, nothing), acknowledged, request(2, 503), request(3, 503)];
	expect(violated(lost, [invoice(1), invoice(2), invoice(99)])).toEqual([]);
});

const exactly = 'every acknowledged request for an invoice has exactly one, and no other has more';
test.each<[claim: string, exchanges: readonly Exchange[], invoices: readonly ReturnType<typeof invoice>[]]>([
	[exactly, [acknowledged], []],
	[exactly, [acknowledged], [invoice(1), invoice(1, 'another')]],
	[exactly, [acknowledged], [invoice(1, 'another')]],
	[exactly, [acknowledged, request(1, 202, { id: 'another' })], [invoice(1)]],
	[exactly, [request(2, 503)], [invoice(2), invoice(2, 'another')]],
	['no answer says that nothing was changed when an invoice was requested', [request(2, 503, nothing)], [invoice(2)]],
])('finds that %s', (claim, exchanges, invoices) => {
	expect(violated(exchanges, invoices)).toEqual([claim]);
});
