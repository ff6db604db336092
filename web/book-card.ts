import type { Book } from '../functions/books/api.ts';
import type { Order } from '../functions/orders/api.ts';
import { Problem } from './api.ts';
import type { Customer } from './customer.ts';
import { make, say } from './dom.ts';
import { dollars } from './money.ts';
import { Placing } from './placing.ts';

/** How many covers the stylesheet has. */
const covers = 6;

interface Listener {
	placed(order: Order): void;
	/** The book is not as it is shown here: gone, or fewer copies. */
	refused(): void;
}

/** A book on the shelf, with its label and what it takes to order it. */
export class BookCard {
	readonly element: HTMLLIElement;
	readonly #customer: Customer;
	readonly #listener: Listener;
	readonly #placing = new Placing();
	readonly #title = make('h3');
	readonly #author = make('p', { className: 'author' });
	readonly #price = make('p', { className: 'price' });
	readonly #stock = make('p', { className: 'stock' });
	readonly #quantity = make('input', {
		type: 'number',
		name: 'quantity',
		required: true,
		min: '1',
		max: '1000000',
		value: '1',
		inputMode: 'numeric',
	});
	readonly #stepper: HTMLElement;
	readonly #verb = make('span');
	readonly #of = make('span', { className: 'unseen' });
	readonly #button = make('button', { type: 'submit', className: 'order' }, this.#verb, this.#of);
	readonly #note = make('p', { className: 'note' });
	#book: Book;
	#busy = false;

	constructor(book: Book, customer: Customer, listener: Listener) {
		this.#book = book;
		this.#customer = customer;
		this.#listener = listener;
		this.#title.id = `book-${book.id}`;
		this.#quantity.id = `quantity-${book.id}`;
		this.#note.setAttribute('role', 'status');
		this.#stepper = make(
			'div',
			{ className: 'stepper' },
			make('label', { htmlFor: this.#quantity.id, className: 'unseen' }, 'Copies'),
			this.#step(-1, '−', 'One copy fewer'),
			this.#quantity,
			this.#step(1, '+', 'One copy more'),
		);
		const form = make('form', {}, this.#stepper, this.#button);
		form.addEventListener('submit', (event) => {
			event.preventDefault();
			void this.#order();
		});
		const article = make(
			'article',
			{},
			make('div', { className: `cover cover-${book.id % covers}` }, this.#title, this.#author),
			make('div', { className: 'board' }, this.#price),
			make('div', { className: 'counter' }, this.#stock, form, this.#note),
		);
		article.setAttribute('aria-labelledby', this.#title.id);
		this.element = make('li', { className: 'book' }, article);
		this.update(book);
	}

	update(book: Book): void {
		this.#book = book;
		const { title, author, price, stock } = book;
		say(this.#title, title);
		this.#title.classList.toggle('long', title.length > 48);
		say(this.#author, author);
		say(this.#price, dollars(price));
		say(this.#stock, stock === 0 ? 'Sold out' : stock <= 3 ? `Only ${stock} left` : `${stock} in stock`);
		this.#stock.dataset.level = stock === 0 ? 'none' : stock <= 3 ? 'low' : 'enough';
		say(this.#of, `, ${title}`);
		this.#button.disabled = stock === 0;
		this.#stepper.hidden = stock === 0;
		this.#showVerb();
	}

	#step(by: number, sign: string, label: string): HTMLButtonElement {
		const button = make('button', { type: 'button', className: 'step' }, sign);
		button.setAttribute('aria-label', label);
		button.addEventListener('click', () => {
			this.#quantity.value = String(Math.max(1, (this.#quantity.valueAsNumber || 0) + by));
		});
		return button;
	}

	async #order(): Promise<void> {
		// Not `disabled` while it runs: that would take the focus away.
		if (this.#busy) return;
		if (!this.#customer.name) return this.#customer.ask(this.#button);
		this.#setBusy(true);
		this.#tell('', 'working');
		try {
			const input = {
				book_id: this.#book.id,
				customer_name: this.#customer.name,
				quantity: this.#quantity.valueAsNumber,
			};
			const order = await this.#placing.place(input, (text) => this.#tell(text, 'problem'));
			this.#quantity.value = '1';
			this.#tell(`Order ${order.id} is on the roll.`, 'done');
			this.#listener.placed(order);
		} catch (error) {
			this.#tell(error instanceof Error ? error.message : String(error), 'problem');
			if (error instanceof Problem && !error.passing) this.#listener.refused();
		}
		this.#setBusy(false);
	}

	#setBusy(busy: boolean): void {
		this.#busy = busy;
		this.#button.setAttribute('aria-disabled', String(busy));
		this.#showVerb();
	}

	#showVerb(): void {
		say(this.#verb, this.#busy ? 'Ordering…' : this.#book.stock === 0 ? 'Sold out' : 'Order Now');
	}

	#tell(text: string, kind: 'working' | 'done' | 'problem'): void {
		this.#note.dataset.kind = kind;
		say(this.#note, text);
	}
}
