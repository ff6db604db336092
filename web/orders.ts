import type { Order } from '../functions/orders/api.ts';
import { announce, arrange, element, say } from './dom.ts';
import { Reader } from './reader.ts';
import { Slip } from './slip.ts';

/** The till roll: the latest orders, each turning from pending to what became of it. */
export class Orders {
	readonly #section: HTMLElement;
	readonly #titleOf: (bookId: number) => string;
	readonly #settled: () => void;
	readonly reader: Reader<Order[]>;
	readonly #slips = new Map<number, Slip>();
	readonly #own = new Set<number>();
	#orders: readonly Order[] = [];
	#newsAt = 0;

	constructor(section: HTMLElement, titleOf: (bookId: number) => string, { settled }: { settled: () => void }) {
		this.#section = section;
		this.#titleOf = titleOf;
		this.#settled = settled;
		this.reader = new Reader('/api/orders?limit=10', section, (orders) => this.#show(orders));
	}

	/** Shows an order that was just placed here, and follows it. */
	placed(order: Order): void {
		this.#own.add(order.id);
		this.#show([order, ...this.#orders.filter(({ id }) => id !== order.id)].slice(0, 10));
		this.reader.now();
	}

	/** The books have come: the orders can be called by their titles. */
	rename(): void {
		for (const order of this.#orders) this.#slips.get(order.id)?.update(order, this.#titleOf(order.book_id));
	}

	#show(orders: readonly Order[]): number | undefined {
		const before = new Map(this.#orders.map((order) => [order.id, order.status]));
		const settled = orders.filter(({ id, status }) => status !== 'pending' && before.get(id) === 'pending');
		const pending = orders.filter(({ status }) => status === 'pending').length;
		const news = orders.some(({ id, status }) => before.get(id) !== status);
		this.#orders = orders;
		for (const id of before.keys()) if (!orders.some((order) => order.id === id)) this.#slips.delete(id);
		arrange(
			element('.slips', this.#section),
			orders.map((order) => this.#slip(order).element),
		);
		element('.empty', this.#section).hidden = orders.length > 0;
		say(
			element('.summary', this.#section),
			pending ? `${pending} pending` : orders.length ? 'all settled' : 'none yet',
		);
		if (settled.length) {
			for (const order of settled) this.#announce(order);
			this.#settled();
		}
		if (news) this.#newsAt = Date.now();
		// Eager at first; an order that stays pending (billing may be off for an hour) is asked for less and less.
		return pending ? Math.min(Math.max(700, (Date.now() - this.#newsAt) / 4), 10_000) : undefined;
	}

	#slip(order: Order): Slip {
		const slip = this.#slips.get(order.id) ?? new Slip(order);
		this.#slips.set(order.id, slip);
		slip.update(order, this.#titleOf(order.book_id));
		return slip;
	}

	#announce({ id, book_id, status, reason }: Order): void {
		if (!this.#own.has(id)) return;
		announce(`Order ${id}, ${this.#titleOf(book_id)}, is ${status}${reason ? `: ${reason}` : ''}.`);
	}
}
