import { styleText } from 'node:util';
import { Failure } from '../../k8s/kubectl/failure.ts';
import { onInterrupt } from '../../k8s/kubectl/interrupt.ts';
import { printResult, step } from '../../k8s/kubectl/progress.ts';
import { findShop, type Shop, type ShopOptions } from '../place/shop.ts';
import { type Drill, type Followed, follow } from './follow.ts';
import { report } from './report.ts';
import { loadStory, onTheWay, type Placed } from './story.ts';

interface DrillOptions extends ShopOptions {
	readonly orders: number;
	readonly json?: boolean | undefined;
}

/** Failed attempts to wait for before the function is repaired: a single one could be an accident. */
const enough = 2;

const endsByItself = 'The drill ends by itself after five minutes.';

/** The limit of each wait in milliseconds, longer than the relay takes to republish what a broker lost. */
const patience = 180_000;

/**
 * Breaks the handling of a function's events, places orders, repairs the function, and checks that each order was settled
 * once. Uses HTTP only, so it works alike on a laptop and on a cluster.
 * @param fn the function; by default the last one that handles events of an order
 * @returns the exit code: 0 when nothing is lost or doubled, 1 when something is
 * @throws {Failure} 2 when the options are wrong or the password is, 3 when there is no shop
 */
export async function drill(fn: string | undefined, options: DrillOptions, stop: AbortSignal): Promise<number> {
	const story = await loadStory();
	const able = onTheWay();
	const broken = fn ?? able[0] ?? '';
	if (!able.includes(broken))
		throw new Failure(
			'usage',
			`Function "${broken}" handles no events of an order. Expected one of: ${able.join(', ')}.`,
		);
	const shop = await findShop(options);
	try {
		await shop.signIn(stop);
		return await run({ shop, story, fn: broken }, options, stop);
	} finally {
		await shop.close();
	}
}

type Target = Omit<Drill, 'placed'>;

async function run(target: Target, { orders: count, json }: DrillOptions, stop: AbortSignal): Promise<number> {
	const { shop, story, fn } = target;
	const book = await story.findBook(shop.ask, count, stop);
	if (typeof book === 'string') throw new Failure('usage', `${book} The drill did not start.`);
	let placed: readonly Placed[];
	let published = 0;
	onInterrupt(`Could not repair ${fn} in time. ${endsByItself}`);
	try {
		placed = await whileBroken(target, book, count, stop);
	} finally {
		// Also after an interrupt, and so without its signal.
		published = await repair(fn, shop);
		onInterrupt('');
	}
	const orders = await step('every order settled', () =>
		follow({ ...target, placed }, { until: ({ whole }) => whole, patience }, stop),
	);
	const ok = orders.every(({ whole }) => whole);
	printResult({ function: fn, url: shop.url, published, ok, orders }, () => report(fn, orders), json);
	return ok ? 0 : 1;
}

/** Breaks the function, places the orders, and prints how the deliveries of their events fail. */
async function whileBroken(target: Target, book: number, count: number, stop: AbortSignal): Promise<readonly Placed[]> {
	const { shop, story, fn } = target;
	await step(`${fn} broken on purpose`, () => shop.ask('PUT', `/api/drills/${fn}`, { body: {} }, stop));
	const placed = await step(`${count === 1 ? 'an order' : `${count} orders`} placed`, () =>
		story.place(shop.ask, book, count, stop),
	);
	const printed = new Set<string>();
	await step('deliveries of their events failing', () =>
		follow(
			{ ...target, placed },
			{
				until: ({ events }) => events.some(({ attempts }) => attempts >= enough),
				patience: patience / 2,
				onPoll: (orders) => printFailures(orders, printed),
			},
			stop,
		),
	);
	return placed;
}

/** Prints a line for each failed attempt that is not in `printed`. */
function printFailures(orders: readonly Followed[], printed: Set<string>): void {
	const { stderr } = process;
	for (const { id, events } of orders)
		for (const event of events)
			for (const [index, error] of event.failures.flatMap(({ error, times }) => Array(times).fill(error)).entries()) {
				const key = `${event.id} ${index}`;
				if (printed.has(key)) continue;
				printed.add(key);
				const why = styleText('red', error, { stream: stderr });
				stderr.write(`${stderr.isTTY ? '\r\x1b[K' : ''}  order ${id}: ${event.type}, attempt ${index + 1}: ${why}\n`);
			}
}

/**
 * Ends the drill.
 * @returns how many events were published again; 0 when somebody else has ended the drill
 * @throws {Failure} when the drill could not be ended
 */
async function repair(fn: string, shop: Shop): Promise<number> {
	try {
		const ended = await step(`${fn} repaired`, () =>
			shop.ask<{ published?: number }>('DELETE', `/api/drills/${fn}`, { fine: [404] }),
		);
		return ended.published ?? 0;
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : cause;
		throw new Failure('unknown', `Could not repair ${fn}: ${why}\n${endsByItself}`, {
			cause,
		});
	}
}
