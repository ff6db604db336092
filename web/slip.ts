import type { Order } from '../functions/orders/api.ts';
import { make, say } from './dom.ts';
import { dollars } from './money.ts';

const words = { pending: 'pending', completed: 'completed', rejected: 'rejected' } satisfies Record<
	Order['status'],
	string
>;

/** An order on the till roll. */
export class Slip {
	readonly element: HTMLLIElement;
	readonly #status = make('strong', { className: 'stamp' });
	readonly #what = make('span', { className: 'what' });
	readonly #reason = make('p', { className: 'reason' });

	constructor(order: Order) {
		const when = new Date(order.created_at);
		this.element = make(
			'li',
			{ className: 'slip' },
			make(
				'p',
				{ className: 'line' },
				make('span', { className: 'number' }, `No. ${order.id}`),
				make('time', { dateTime: order.created_at }, moment(when)),
				this.#status,
			),
			make(
				'p',
				{ className: 'line' },
				this.#what,
				make('span', { className: 'sum' }, dollars(order.unit_price, order.quantity)),
			),
			make('p', { className: 'whom' }, `for ${order.customer_name}`),
			this.#reason,
		);
	}

	update(order: Order, title: string): void {
		this.element.dataset.status = order.status;
		say(this.#what, `${order.quantity} × ${title}`);
		say(this.#status, words[order.status]);
		say(this.#reason, order.reason ?? '');
	}
}

/** The time of day, with the date when it was another day. */
function moment(when: Date): string {
	const today = when.toDateString() === new Date().toDateString();
	return new Intl.DateTimeFormat(
		undefined,
		today ? { timeStyle: 'short' } : { dateStyle: 'short', timeStyle: 'short' },
	).format(when);
}
