import type { Screens } from '../screens.ts';

/** Places an order, and waits until it is settled. */
const screens: Screens = async (ask) => {
	const books = await ask<{ id: number; stock: number }[]>('/api/books');
	const book_id = books.find(({ stock }) => stock > 2)?.id;
	const order = await ask<{ id: number }>('/api/orders', { customer_name: 'Ada', lines: [{ book_id, quantity: 2 }] });
	const [event] = await ask<{ id: string }[]>(`/api/events?type=dev.bodega.order.placed&subject=${order.id}`);
	return [
		{ name: 'orders', path: '/orders' },
		{ name: 'order', path: `/orders/${order.id}` },
		{ name: 'event', path: `/events/${event?.id}`, as: 'admin' },
		{ name: 'drill', path: '/drill', as: 'admin' },
	];
};
export default screens;
