import type { Order } from '../../../../functions/orders/api.ts';
import { Account } from '../../account.ts';
import { outcomeOf } from '../../history.ts';
import type { Client, Scene } from '../../part.ts';
import { pause } from '../../pause.ts';
import type { Random } from '../../random.ts';
import type { Answered, Visitor } from '../../visitor.ts';

/** A book on sale, and whether customers can run out of its copies. */
export interface OnSale {
	readonly id: number;
	readonly isScarce: boolean;
}

/** Places orders, and asks for those that were placed. */
export class Customer implements Client {
	readonly name: string;
	readonly pause = [0.05, 0.5] as const;
	/** Whether the customer has an account. Only then can they cancel their orders. */
	protected readonly hasAccount: boolean;
	protected readonly visitor: Visitor;
	protected readonly random: Random;
	readonly #scene: Scene;
	readonly #books: readonly OnSale[];
	readonly #placed: number[] = [];
	#count = 0;

	constructor(scene: Scene, visitor: Visitor, books: readonly OnSale[]) {
		this.name = visitor.name;
		this.hasAccount = visitor instanceof Account;
		this.visitor = visitor;
		this.random = scene.random.fork(this.name);
		this.#scene = scene;
		this.#books = books;
	}

	async step(): Promise<unknown> {
		if (!(await this.visitor.authorize())) return undefined;
		const choice = this.random.next();
		const known = this.#placed.length ? this.random.pick(this.#placed) : undefined;
		if (choice < 0.6) return await this.#placeAndRegret();
		if (choice < 0.7) return await this.#placeOnce();
		if (choice < 0.9 && known !== undefined) return await this.visitor.ask('GET', `/api/orders/${known}`);
		return await this.visitor.ask(
			'GET',
			this.random.pick(['/api/books', '/api/orders?limit=5', '/api/livres?search=chaos']),
		);
	}

	/** Cancels an order, and repeats the request until its outcome is known. The order can be settled already. */
	protected async cancel(id: number): Promise<void> {
		do {
			const answer = await this.visitor.ask('DELETE', `/api/orders/${id}`, { right: [200, 409] });
			if (outcomeOf(answer) !== 'unknown') return;
			await pause(this.random.between(0.1, 1), this.#scene.giveUp);
		} while (!this.#scene.giveUp.aborted);
	}

	/** Places an order with an Idempotency-Key, and repeats the request until its outcome is known. */
	protected async place(): Promise<number | undefined> {
		const { body, right } = this.#wish();
		const waits = this.random.chance(0.3);
		const headers = {
			'idempotency-key': `${this.#scene.run}-${body.customer_name}`,
			...(waits ? { prefer: `wait=${this.random.pick([1, 5])}` } : {}),
		};
		for (;;) {
			const answer = await this.visitor.ask('POST', '/api/orders', { body, headers, right });
			if (outcomeOf(answer) !== 'unknown') {
				// A customer who is not sure asks again, and gets the same order.
				if (this.random.chance(0.1)) await this.visitor.ask('POST', '/api/orders', { body, headers, right });
				return this.#note(answer);
			}
			if (this.#scene.giveUp.aborted) return undefined;
			await pause(this.random.between(0.1, 1), this.#scene.giveUp);
		}
	}

	/** Places an order. A customer with an account cancels some of them, at once or a little later. */
	async #placeAndRegret(): Promise<void> {
		const id = await this.place();
		if (id === undefined || !this.hasAccount || !this.random.chance(0.4)) return;
		await pause(this.random.pick([0, 0, 0.02, 0.1]), this.#scene.giveUp);
		await this.cancel(id);
	}

	async #placeOnce(): Promise<void> {
		this.#note(await this.visitor.ask('POST', '/api/orders', this.#wish()));
	}

	#wish() {
		this.#count += 1;
		// One book, or several in any order.
		const first = this.random.whole(0, this.#books.length - 1);
		const books = this.#books.map((_, index) => this.#books[(first + index) % this.#books.length] as OnSale);
		const ordered = this.random.chance(0.6) ? books.slice(0, 1) : books.slice(0, this.random.whole(2, books.length));
		const lines = ordered.map(({ id }) => ({ book_id: id, quantity: this.random.whole(1, 5) }));
		// The function refuses an order for more copies than there are.
		const right = ordered.some(({ isScarce }) => isScarce) ? [201, 409] : [201];
		return { right, body: { customer_name: `${this.#scene.run} ${this.name} ${this.#count}`, lines } };
	}

	#note(answer: Answered): number | undefined {
		if (outcomeOf(answer) !== 'done') return undefined;
		const { id } = answer.whole as Order;
		this.#placed.push(id);
		return id;
	}
}

/** Places orders and follows each in a stream until it is settled; reconnects as a browser does. */
export class Follower extends Customer {
	readonly #giveUp: AbortSignal;

	constructor(scene: Scene, visitor: Visitor, books: readonly OnSale[]) {
		super(scene, visitor, books);
		this.#giveUp = scene.giveUp;
	}

	override async step(): Promise<void> {
		if (!(await this.visitor.authorize())) return;
		const id = await this.place();
		if (id === undefined) return;
		if (this.hasAccount && this.random.chance(0.3)) await this.cancel(id);
		while (!this.#giveUp.aborted) {
			const { answer } = await this.visitor.follow(`/api/orders/${id}`, this.#giveUp);
			const last = Array.isArray(answer) ? (answer.at(-1) as Order | undefined) : undefined;
			if (last && last.status !== 'pending') return;
			await pause(1, this.#giveUp);
		}
	}
}
