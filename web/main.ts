import { Customer } from './customer.ts';
import { element } from './dom.ts';
import { Functions } from './functions.ts';
import { Orders } from './orders.ts';
import { Shelves } from './shelves.ts';

const customer = new Customer(element('#customer'));
const shelves = new Shelves(element('#books'), customer, {
	placed: (order) => orders.placed(order),
	shown: () => orders.rename(),
});
const orders = new Orders(element('#orders'), (id) => shelves.title(id), {
	settled: () => shelves.reader.now(),
});

/*
 * Asking books and orders every few seconds would keep them from ever going to zero. So the lists are read again when an
 * event has been handled, which the states of the functions tell; orders also by itself, while one is pending.
 */
new Functions(element('#functions'), {
	handled(names) {
		if (names.has('books-events')) shelves.reader.now();
		if (names.has('books-events') || names.has('orders-events')) orders.reader.now();
	},
	// Without that telling, the lists look after themselves.
	telling(told) {
		shelves.reader.watch(!told);
		orders.reader.watch(!told);
	},
});
