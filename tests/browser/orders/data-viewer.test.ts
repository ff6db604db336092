import { expect, test } from 'vitest';
import { eventually, visit } from '../../acceptance/setup/visitor.ts';
import { open } from '../browser.ts';
import { rowsOf } from '../table.ts';
import { order, ownBook } from './stock.ts';

test('shows null, and formats JSON', async () => {
	const id = await order(await ownBook(5));
	await eventually('the order is completed', async () => {
		return (await visit('gateway', `/api/orders/${id}`)).json.status === 'completed';
	});
	const page = await open(`/admin/data/orders.orders?filter=id:eq:${id}`, { as: 'admin' });
	await page.getByRole('columnheader', { name: /^reason/ }).waitFor();
	expect((await rowsOf(page))[0]).toContain('null');
	await page.goto(`/admin/data/eventing.events?filter=type:eq:dev.bodega.order.placed&filter=subject:eq:${id}`);
	await page.getByRole('button', { name: '"customer_name"' }).click();
	const json = await page.getByRole('dialog', { name: 'data' }).locator('pre').textContent();
	expect(json).toContain('\n  "customer_name": "Ada"');
});
