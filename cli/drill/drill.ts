import { styleText } from 'node:util';
import { Failure } from '../../k8s/kubectl/failure.ts';
import { onInterrupt } from '../../k8s/kubectl/interrupt.ts';
import { printResult, step } from '../../k8s/kubectl/progress.ts';
import { findShop, type Shop, type ShopOptions } from '../place/shop.ts';
import { loseMemory } from './broker.ts';
import { type Chosen, choose, type Kind, type KindOptions } from './choose.ts';
import { type Drill, type Followed, follow } from './follow.ts';
import { report } from './report.ts';
import { loadStory, type Placed } from './story.ts';

export interface DrillOptions extends ShopOptions, KindOptions {
	readonly orders: number;
	readonly json?: boolean | undefined;
}

/** Failed attempts to wait for before the function is repaired: a single one could be an accident. */
const enough = 2;

const endsByItself = 'The drill ends by itself after five minutes.';

/** The limit of each wait in milliseconds, longer than the relay takes to republish what a broker lost. */
const patience = 180_000;

/** The state of an order that a drill waits for before it ends, and how its step is called. */
const awaited: Record<Kind, { label: string; until: (order: Followed) => boolean }> = {
	outage: { label: 'deliveries of their events failing', until: failsOften },
	broker: { label: 'deliveries of their events failing', until: failsOften },
	latency: { label: 'orders settled, but slowly', until: ({ whole }) => whole },
	failures: { label: 'orders settled, after retries', until: ({ whole }) => whole },
	poison: {
		label: 'the poisoned event a dead letter, and the other orders settled',
		until: (order) => order.whole || isPoisoned(order),
	},
};

function failsOften({ events }: Followed): boolean {
	return events.some(({ attempts }) => attempts >= enough);
}

const isPoisoned = ({ events }: Followed): boolean => events.some(({ status }) => status === 'dead');

/**
 * Injects a fault into the handling of a function's events, places orders, ends the fault, and checks that each order was
 * settled once. Uses HTTP only, except to restart the Broker of a cluster.
 * @param fn the function; by default the first one that handles events of an order
 * @returns the exit code: 0 when nothing is lost or doubled, 1 when something is
 * @throws {Failure} 2 when the options are wrong or the password is, 3 when there is no shop
 */
export async function drill(
	kind: Kind,
	fn: string | undefined,
	options: DrillOptions,
	stop: AbortSignal,
): Promise<number> {
	const story = await loadStory();
	const chosen = choose(kind, fn, options, story);
	const shop = await findShop(options);
	try {
		await shop.signIn(stop);
		return await run({ ...chosen, shop, story }, options, stop);
	} finally {
		await shop.close();
	}
}

type Target = Omit<Drill, 'placed'> & Chosen;

async function run(target: Target, { orders: count, json }: DrillOptions, stop: AbortSignal): Promise<number> {
	const { shop, story, fn, kind } = target;
	const book = await story.findBook(shop.ask, count, stop);
	if (typeof book === 'string') throw new Failure('usage', `${book} The drill did not start.`);
	let during: readonly Followed[];
	let published = 0;
	onInterrupt(`Could not repair ${fn} in time. ${endsByItself}`);
	try {
		during = await whileBroken(target, book, count, stop);
	} finally {
		// Also after an interrupt, and so without its signal.
		published = await repair(target);
		onInterrupt('');
	}
	const poisoned = during.filter(isPoisoned);
	if (kind === 'poison') await step('the dead letter replayed', () => replay(shop, poisoned, stop));
	const orders = await step('every order settled', () =>
		follow({ ...target, placed: during }, { until: ({ whole }) => whole, patience }, stop),
	);
	// Without its effect, a drill has shown nothing.
	const hadEffect =
		kind === 'poison' ? poisoned.length === 1 : during.every(awaited[kind].until) || kind === 'failures';
	const ok = hadEffect && orders.every(({ whole }) => whole);
	const result = { kind, function: fn, url: shop.url, published, ok, orders };
	printResult(result, () => report(fn, orders, hadEffect), json);
	return ok ? 0 : 1;
}

/** Begins the drill, places the orders, and prints how the deliveries of their events fail. Returns the orders at its end. */
async function whileBroken(
	target: Target,
	book: number,
	count: number,
	stop: AbortSignal,
): Promise<readonly Followed[]> {
	const { shop, story, fn, kind, input, begun } = target;
	await step(begun, () => shop.ask('PUT', `/api/drills/${fn}`, { body: input }, stop));
	const placed: readonly Placed[] = await step(`${count === 1 ? 'an order' : `${count} orders`} placed`, () =>
		story.place(shop.ask, book, count, stop),
	);
	const printed = new Set<string>();
	const { label, until } = awaited[kind];
	const onPoll = (orders: readonly Followed[]): void => printFailures(orders, printed);
	const orders = await step(label, () =>
		follow({ ...target, placed }, { until, patience: patience / 2, onPoll }, stop),
	);
	if (kind === 'broker') await step('the memory of the Broker lost', () => loseMemory(shop, stop));
	return orders;
}

/** Replays the dead letters of the poisoned events. */
async function replay({ ask }: Shop, poisoned: readonly Followed[], stop: AbortSignal): Promise<void> {
	const dead = new Set(
		poisoned.flatMap(({ events }) => events.filter(({ status }) => status === 'dead').map(({ id }) => id)),
	);
	const letters = await ask<{ id: string; event: { id: string } }[]>('GET', '/api/dead-letters', {}, stop);
	// Somebody else can have replayed it.
	for (const { id, event } of letters)
		if (dead.has(event.id)) await ask('POST', `/api/dead-letters/${id}/replay`, { fine: [404] }, stop);
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
async function repair({ fn, kind, shop }: Target): Promise<number> {
	const end = (drilled: string) =>
		shop.ask<{ published?: number }>('DELETE', `/api/drills/${drilled}`, { fine: [404] });
	try {
		const ended = await step(`${fn} repaired`, () => end(fn));
		if (kind === 'broker') await end('broker');
		return ended.published ?? 0;
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : cause;
		throw new Failure('unknown', `Could not repair ${fn}: ${why}\n${endsByItself}`, {
			cause,
		});
	}
}
