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

/** Attempts that are to fail before the function is mended: one could be an accident. */
const enough = 2;

/** How long is waited for what should follow, in milliseconds: more than the relay takes to bring back what a broker lost. */
const patience = 180_000;

/**
 * Breaks the handling of a function's events, places orders meanwhile, mends it, and looks whether each order went all its
 * way, once. By HTTP alone, so it is the same on a laptop and on a cluster.
 * @returns the exit code: 0 when all is well, 1 when not, 130 when it was interrupted, and mended all the same
 * @throws {Failure} 2 when it is asked for what cannot be, or the password is wrong; 3 when there is no shop
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
		// Whatever happened, and without the signal that may have made it happen.
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

/** Breaks the function, places the orders, and shows how their events are tried in vain. */
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
	await step('their events tried in vain', () =>
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

/** A line for each failed attempt that was not told of yet. */
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
 * Ends the drill, and answers with how many events were published again; none when somebody has ended it already.
 * @throws {Failure} that says that the drill ends by itself
 */
async function mend(fn: string, shop: Shop): Promise<number> {
	try {
		const ended = await step(`${fn} mended`, () =>
			shop.ask<{ published?: number }>('DELETE', `/api/drills/${fn}`, { fine: [404] }),
		);
		return ended.published ?? 0;
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : cause;
		throw new Failure('unknown', `${fn} could not be mended: ${why}\nThe drill ends by itself after five minutes.`, {
			cause,
		});
	}
}

/** @throws {Failure} when no book has as many copies */
async function bookFor(orders: number, shop: Shop, stop: AbortSignal): Promise<number> {
	const books = await shop.ask<{ id: number; stock: number }[]>('GET', '/api/books?limit=1000', {}, stop);
	const [book] = books.toSorted((a, b) => b.stock - a.stock);
	if (!book || book.stock < orders)
		throw new Failure(
			'usage',
			`No book has ${orders} copies in stock (the most there are is ${book?.stock ?? 0}), so nothing was broken. Order fewer with --orders, or give a book more stock.`,
		);
	return book.id;
}

/** @throws {Failure} when the options make no sense */
function check(fn: string, { orders }: DrillOptions): void {
	const able = onTheWay();
	if (!able.includes(fn))
		throw new Failure(
			'usage',
			`An order's way does not lead through the events of "${fn}", but of: ${able.join(', ')}.`,
		);
	if (!Number.isInteger(orders) || orders < 1 || orders > mostOrders)
		throw new Failure('usage', `--orders is ${orders}; a whole number from 1 to ${mostOrders} is wanted.`);
}

/** The functions that react to an order's event, or to what follows from it. */
function onTheWay(): string[] {
	const types = new Set<EventType>(['dev.bodega.order.placed']);
	const found = new Set<string>();
	// A set goes on to what is added meanwhile.
	for (const type of types)
		for (const { name, reacts, emits } of functions)
			if (reacts.includes(type)) {
				found.add(name);
				for (const next of emits) types.add(next);
			}
	return [...found].sort();
}
