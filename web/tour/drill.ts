import type { DeadLetter } from '../../functions/event-log/api.ts';
import { shop } from '../../shop.ts';
import { ask } from '../api/ask.ts';
import { Problem } from '../api/problem.ts';
import { refresh } from '../api/query.ts';
import type { Broken } from './progress.ts';

const params = { function: 'billing' };
/** Minutes after which the drill ends by itself, as when the browser is closed. */
const minutes = 2;
/** How often, and with which pause in milliseconds, to look for the dead letter of an order whose event is on its way. */
const looks = { times: 20, pause: 1_000 };

const unlessGone = (error: unknown): undefined => {
	if (error instanceof Problem && error.status === 404) return undefined;
	throw error;
};

const runningDrill = async () => (await ask('GET /api/drills')).find((drill) => drill.function === params.function);

/**
 * Makes the next `stock.reserved` a poison for billing. Returns when the drill began, or null if billing is in another drill.
 * @param mine when a drill began that the tour can continue, because it was interrupted before the order
 */
export async function breakBilling(mine: string | undefined): Promise<string | null> {
	const running = await runningDrill();
	if (running) return running.started_at === mine ? mine : null;
	const body = { kind: 'poison' as const, type: `${shop.eventPrefix}.stock.reserved`, minutes };
	const { started_at } = await ask('PUT /api/drills/:function', { params, body });
	refresh('GET /api/drills');
	return started_at;
}

/** Ends the drill that the tour began, unless it is over. */
export async function repairBilling({ since }: Broken): Promise<void> {
	const running = await runningDrill();
	if (running?.started_at === since) await ask('DELETE /api/drills/:function', { params }).catch(unlessGone);
	refresh('GET /api/drills');
}

/** The dead letter of the order that waits for billing. */
export const letterOf = (letters: readonly DeadLetter[], { order }: Broken): DeadLetter | undefined =>
	letters.find(
		({ event, trigger }) =>
			trigger.startsWith('billing-on-') && (event.data as { readonly order_id?: number }).order_id === order,
	);

/** Publishes the event of a dead letter again, unless an admin has already. */
export async function replay({ id }: DeadLetter): Promise<void> {
	await ask('POST /api/dead-letters/:id/replay', { params: { id } }).catch(unlessGone);
	refresh('GET /api/dead-letters');
}

/** Ends the drill, then replays the dead letter that it caused, so that the order is settled. */
export async function tidyUp(broken: Broken): Promise<void> {
	await repairBilling(broken);
	const { order: id } = broken;
	if (id === undefined) return;
	for (let look = 0; look < looks.times; look += 1) {
		const { status } = await ask('GET /api/orders/:id', { params: { id } });
		if (status !== 'pending') return;
		const letter = letterOf(await ask('GET /api/dead-letters', { query: { limit: 100 } }), broken);
		if (letter) return await replay(letter);
		await new Promise((resolve) => setTimeout(resolve, looks.pause));
	}
}
