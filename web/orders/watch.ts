import type { Order } from '../../functions/orders/api.ts';
import { ask } from '../api/ask.ts';
import { follow } from '../api/follow.ts';
import { type News, news, tellOthers } from '../api/news.ts';
import { refresh } from '../api/query.ts';

type Listener = (order: Order) => void;

interface Watched {
	readonly listeners: Set<Listener>;
	/** Whether it was placed in this tab. */
	isOwn: boolean;
	readonly end: () => void;
}

/** The maximum number of streams. Each uses one of the six HTTP/1.1 connections that all tabs share for a host. */
export const mostWatched = 2;
/** Milliseconds after which nobody expects the order to be settled. */
const patience = 10 * 60_000;

const watched = new Map<number, Watched>();

/** Calls `listener` once the order is settled. Returns a function that stops this. */
export function watch(id: number, listener: Listener): () => void {
	const one = watched.get(id) ?? begin(id);
	one.listeners.add(listener);
	return () => {
		one.listeners.delete(listener);
		if (!one.listeners.size && !one.isOwn) one.end();
	};
}

/** Watches an order that was placed in this tab, whichever screen is open, to report its end in every tab. */
export function watchOwn(id: number): void {
	(watched.get(id) ?? begin(id)).isOwn = true;
	const idle = [...watched].filter(([other, { listeners }]) => other !== id && !listeners.size);
	for (const [, { end }] of idle.slice(0, Math.max(0, watched.size - mostWatched))) end();
}

function begin(id: number): Watched {
	const stop = follow<Order>(`/api/orders/${id}`, {
		onUpdate: (order) => order.status !== 'pending' && settled(order),
		poll: async () => [await ask('GET /api/orders/:id', { params: { id } })],
	});
	const end = (): void => {
		stop();
		clearTimeout(timer);
		watched.delete(id);
	};
	const timer = setTimeout(end, patience);
	const one = { listeners: new Set<Listener>(), isOwn: false, end };
	watched.set(id, one);
	return one;
}

function settled(order: Order): void {
	const one = watched.get(order.id);
	if (!one) return;
	one.end();
	refresh('GET /api/orders', 'GET /api/orders/mine', 'GET /api/orders/:id', 'GET /api/books');
	for (const listener of one.listeners) listener(order);
	if (!one.isOwn) return;
	tellOthers(newsOf(order));
	// A screen that listens says it itself.
	if (!one.listeners.size) news.set(newsOf(order));
}

const french = { pending: 'en attente', completed: 'confirmée', rejected: 'refusée', cancelled: 'annulée' } as const;

const newsOf = ({ id, status }: Order): News => ({
	text: { en: `Your order ${id} is ${status}.`, fr: `Votre commande ${id} est ${french[status]}.` },
	href: `/orders/${id}`,
});
