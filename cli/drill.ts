import { styleText } from 'node:util';
import type { EventType } from '../eventing/catalog.ts';
import { functions } from '../functions/index.ts';
import { Failure } from '../k8s/kubectl/failure.ts';
import { step } from '../k8s/kubectl/progress.ts';
import { type Followed, follow, isWhole, mostOrders, type Order, place } from './drill/orders.ts';
import { report } from './drill/report.ts';
import { interruptible } from './interrupt.ts';
import { findShop, type Shop, type Where } from './shop.ts';

export interface DrillOptions extends Where {
	readonly orders: number;
	readonly json?: boolean | undefined;
}

/** Failed attempts to wait for before the repair: a single one could be an accident. */
const enough = 2;

/**
 * Time limit for the orders to settle, in milliseconds: longer than the relay needs to republish events that a broker
 * lost.
 */
const patience = 180_000;

/**
 * Runs a drill: breaks a function's event handling, places orders, repairs the function, and checks that each order is
 * processed completely and once. Uses only HTTP, so it works the same on a laptop and on a cluster.
 * @returns the exit code: 0 on success, 1 on failure, 130 if interrupted, in which case the function is repaired too
 * @throws {Failure} 2 for invalid options or a wrong password; 3 when no shop is found
 */
export async function drill(fn: string, options: DrillOptions): Promise<number> {
	check(fn, options);
	return await interruptible(async (stop) => {
		const shop = await findShop(options);
		try {
			await shop.signIn(stop);
			return await run(fn, shop, options, stop);
		} finally {
			await shop.close();
		}
	});
}

async function run(fn: string, shop: Shop, { orders: count, json }: DrillOptions, stop: AbortSignal): Promise<number> {
	const book = await bookFor(count, shop, stop);
	let orders: readonly Order[];
	let published = 0;
	try {
		orders = await whileBroken(fn, shop, { book, count }, stop);
	} finally {
		// Repair in every case, and without the signal, which can be the reason for the end.
		published = await mend(fn, shop);
	}
	const followed = await step('every order settled', () =>
		follow(shop, fn, orders, { until: isWhole, patience }, stop),
	);
	const ok = followed.every(isWhole);
	process.stdout.write(
		json
			? `${JSON.stringify({ function: fn, url: shop.url, published, ok, orders: followed }, null, '\t')}\n`
			: report(fn, followed),
	);
	return ok ? 0 : 1;
}

/** Breaks the function, places the orders and waits until the deliveries of their events fail. */
async function whileBroken(
	fn: string,
	shop: Shop,
	{ book, count }: { book: number; count: number },
	stop: AbortSignal,
): Promise<readonly Order[]> {
	await step(`${fn} broken on purpose`, () => shop.ask('PUT', `/api/drills/${fn}`, { body: {} }, stop));
	const orders = await step(`${count === 1 ? 'an order' : `${count} orders`} placed`, () =>
		place(shop, book, count, stop),
	);
	const triedInVain = ({ events }: Followed): boolean => events.some(({ failures }) => failures.length >= enough);
	const told = new Set<string>();
	await step('deliveries of their events failing', () =>
		follow(
			shop,
			fn,
			orders,
			{ until: triedInVain, patience: patience / 2, tell: (all) => tellFailures(all, told) },
			stop,
		),
	);
	return orders;
}

/** Prints a line for each new failed attempt. */
function tellFailures(orders: readonly Followed[], told: Set<string>): void {
	const { stderr } = process;
	for (const { id, events } of orders)
		for (const event of events)
			for (const [index, { error }] of event.failures.entries()) {
				const key = `${event.id} ${index}`;
				if (told.has(key)) continue;
				told.add(key);
				const why = styleText('red', error, { stream: stderr });
				stderr.write(`${stderr.isTTY ? '\r\x1b[K' : ''}  order ${id}: ${event.type}, attempt ${index + 1}: ${why}\n`);
			}
}

/**
 * Ends the drill. Returns the number of republished events; 0 if somebody else has already ended it.
 * @throws {Failure} which says that the drill ends by itself
 */
async function mend(fn: string, shop: Shop): Promise<number> {
	try {
		const ended = await step(`${fn} repaired`, () =>
			shop.ask<{ published?: number }>('DELETE', `/api/drills/${fn}`, { fine: [404] }),
		);
		return ended.published ?? 0;
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : cause;
		throw new Failure('unknown', `Could not repair ${fn}: ${why}\nThe drill ends by itself after five minutes.`, {
			cause,
		});
	}
}

/**
 * Returns the id of the book with the most copies in stock.
 * @throws {Failure} when no book has enough copies for the orders
 */
async function bookFor(orders: number, shop: Shop, stop: AbortSignal): Promise<number> {
	const books = await shop.ask<{ id: number; stock: number }[]>('GET', '/api/books?limit=1000', {}, stop);
	const [book] = books.toSorted((a, b) => b.stock - a.stock);
	if (!book || book.stock < orders)
		throw new Failure(
			'usage',
			`No book has ${orders} copies in stock (maximum: ${book?.stock ?? 0}), so the drill did not start. Order fewer with --orders, or raise a book's stock.`,
		);
	return book.id;
}

/** Checks the options. @throws {Failure} when they are invalid */
function check(fn: string, { orders }: DrillOptions): void {
	const able = onTheWay();
	if (!able.includes(fn))
		throw new Failure('usage', `Function "${fn}" handles no events of an order. Expected one of: ${able.join(', ')}.`);
	if (!Number.isInteger(orders) || orders < 1 || orders > mostOrders)
		throw new Failure('usage', `--orders ${orders}: expected a whole number from 1 to ${mostOrders}.`);
}

/** Returns the functions that react to an order's event or to the events that follow from it. */
function onTheWay(): string[] {
	const types = new Set<EventType>(['dev.bodega.order.placed']);
	const found = new Set<string>();
	// Iterating over a set includes the values added meanwhile.
	for (const type of types)
		for (const { name, reacts, emits } of functions)
			if (reacts.includes(type)) {
				found.add(name);
				for (const next of emits) types.add(next);
			}
	return [...found].sort();
}
