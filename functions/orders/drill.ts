import { randomUUID } from 'node:crypto';
import { attributeOf, type EventType } from '../../eventing/catalog/catalog.ts';
import type { Order } from './api.ts';

/** The types of the events of an order that is completed. */
export const events: readonly EventType[] = ['order.placed', 'stock.reserved', 'invoice.issued'];

/** Sends a request to the shop as its admin, and returns the body of the response. */
export type Ask = <Answer>(
	method: string,
	path: string,
	sent?: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
	stop?: AbortSignal,
) => Promise<Answer>;

/** An order of the drill. All events that follow from it carry its trace. */
export interface Placed {
	readonly id: number;
	/** 32 hex digits. */
	readonly trace: string;
}

export interface Progress {
	readonly status: Order['status'];
	readonly invoices: number;
}

/** Finds a book to order. @returns its id, or a text that says why there is none */
export async function findBook(ask: Ask, copies: number, stop: AbortSignal): Promise<number | string> {
	const books = await ask<{ id: number; stock: number }[]>('GET', '/api/books?limit=1000', {}, stop);
	const [book] = books.toSorted((a, b) => b.stock - a.stock);
	if (book && book.stock >= copies) return book.id;
	return `No book has ${copies} copies in stock (maximum: ${book?.stock ?? 0}). Order fewer with --orders, or raise a book's stock.`;
}

/** Places orders for one copy each. */
export async function place(ask: Ask, book: number, count: number, stop: AbortSignal): Promise<Placed[]> {
	const placed: Placed[] = [];
	for (const _ of Array(count)) {
		const body = { customer_name: 'A drill', lines: [{ book_id: book, quantity: 1 }] };
		// The key makes a retry after a 503 the same order.
		const headers = { 'idempotency-key': randomUUID() };
		const { id } = await ask<{ id: number }>('POST', '/api/orders', { body, headers }, stop);
		const events = `/api/events?type=${attributeOf('order.placed')}&subject=${id}`;
		const [event] = await ask<{ traceparent: string }[]>('GET', events, {}, stop);
		placed.push({ id, trace: event?.traceparent.slice(3, 35) ?? '' });
	}
	return placed;
}

export async function progressOf(ask: Ask, id: number, stop: AbortSignal): Promise<Progress> {
	const [{ status }, invoices] = await Promise.all([
		ask<Pick<Progress, 'status'>>('GET', `/api/orders/${id}`, {}, stop),
		ask<unknown[]>('GET', `/api/billing?order_id=${id}`, {}, stop),
	]);
	return { status, invoices: invoices.length };
}

export const isSettled = ({ status, invoices }: Progress): boolean =>
	status !== 'pending' && invoices === (status === 'completed' ? 1 : 0);
