import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addBook } from '../acceptance/books-stock.ts';
import { asAdmin, eventually, post, visit } from '../acceptance/setup/visitor.ts';
import { copyProject } from '../copy.ts';
import { succeed } from './bodega.ts';

const { copy, remove } = await copyProject();
afterAll(async () => {
	await succeed(['deploy']);
	remove();
});
beforeAll(() => {
	// A bundle contains parts of its declaration, so a change there makes a new image.
	for (const fn of ['books', 'orders', 'billing', 'reference']) {
		const file = join(copy, 'functions', fn, 'function.ts');
		const before = readFileSync(file, 'utf8');
		const after = before.replace("purpose: '", "purpose: 'In a new version: ");
		expect(after).not.toBe(before);
		writeFileSync(file, after);
	}
});

interface Placed {
	readonly status: number;
	readonly text: string;
	readonly order: number;
}

/** Orders one copy after another, each when the order before is settled, until `stop` is aborted. */
async function customer(book_id: number, stop: AbortSignal): Promise<Placed[]> {
	const placed: Placed[] = [];
	while (!stop.aborted) {
		const body = { customer_name: 'Ada', lines: [{ book_id, quantity: 1 }] };
		const { status, text, json } = await post('/api/orders', body, { prefer: 'wait=30' });
		placed.push({ status, text, order: json?.id });
		const shelf = await visit('gateway', '/api/books');
		if (shelf.status !== 200) placed.push({ status: shelf.status, text: shelf.text, order: 0 });
	}
	return placed;
}

test('during a rolling deployment no request fails, and no event is lost or handled twice', async () => {
	const stock = 100_000;
	const book_id = await addBook(stock);
	const over = new AbortController();
	const customers = Array.from({ length: 3 }, () => customer(book_id, over.signal));
	const told = JSON.parse(await succeed(['deploy', '--json'], { copy }));
	for (const service of ['books', 'books-events', 'orders', 'orders-events', 'billing', 'billing-events'])
		expect(told.changed).toContain(`Service ${service}`);
	// A Service that has not changed is not updated.
	expect(told.changed).not.toContain('Service users');
	over.abort();
	const placed = (await Promise.all(customers)).flat();

	expect(placed.filter(({ status }) => status !== 201)).toEqual([]);
	expect(placed.length).toBeGreaterThan(10);
	for (const { order } of placed) {
		await eventually(
			`order ${order} is completed`,
			async () => (await visit('gateway', `/api/orders/${order}`)).json.status === 'completed',
		);
		const invoices = await visit('gateway', `/api/billing?order_id=${order}`, { headers: asAdmin });
		expect(invoices.json).toHaveLength(1);
	}
	expect((await visit('gateway', `/api/books/${book_id}`)).json.stock).toBe(stock - placed.length);
});

test('a canary receives its share of the requests, and can be rolled back and promoted', async () => {
	await succeed(['deploy']);
	await succeed(['deploy', '--canary', '30%'], { copy });
	const shares = async () => {
		const { functions } = JSON.parse(await succeed(['status', '--json']));
		return functions.find(({ name }: { name: string }) => name === 'reference').split ?? {};
	};
	const split = await shares();
	expect(Object.values(split).toSorted()).toEqual([30, 70]);
	expect((await visit('gateway', '/api/openapi.json')).status).toBe(200);
	expect(JSON.parse(await succeed(['deploy', '--rollback', '--json'])).rollback).toContain('reference');
	await eventually('all go to one revision', async () => Object.keys(await shares()).length === 0);
	expect(JSON.parse(await succeed(['deploy', '--promote', '--json'])).promote).toContain('reference');
	expect((await visit('gateway', '/api/openapi.json')).status).toBe(200);
});
