/** The ids of records that `seed` has made, for screens that show one record. */
export interface Seed {
	readonly order: number;
	readonly event: string;
}

/** Places an order, waits until it is settled, and adds items to the to-do list. */
export async function seed(origin: string): Promise<Seed> {
	const json = async (path: string, init?: RequestInit) => {
		const answer = await fetch(`${origin}${path}`, {
			...init,
			headers: { 'content-type': 'application/json', prefer: 'wait=30' },
		});
		if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
		return await answer.json();
	};
	const books = (await json('/api/books')) as { id: number; stock: number }[];
	const inStock = books.find(({ stock }) => stock > 2);
	const body = JSON.stringify({ book_id: inStock?.id, customer_name: 'Ada', quantity: 2 });
	const order = (await json('/api/orders', { method: 'POST', body })) as { id: number };
	for (const title of ['Dust the shelves', 'Water the fern', 'Call the printer'])
		await json('/api/todo', { method: 'POST', body: JSON.stringify({ title }) });
	const [event] = (await json(`/api/events?type=dev.bodega.order.placed&subject=${order.id}`)) as { id: string }[];
	return { order: order.id, event: event?.id ?? '' };
}

/** A screen of the page, and the visitor who opens it. */
export interface Screen {
	readonly name: string;
	readonly path: (seed: Seed) => string;
	readonly as?: 'admin';
}

/** Every screen, for the tests that check all of them and for the screenshots. */
export const screens: readonly Screen[] = [
	{ name: 'books', path: () => '/' },
	{ name: 'movies', path: () => '/movies' },
	{ name: 'orders', path: () => '/orders' },
	{ name: 'order', path: ({ order }) => `/orders/${order}` },
	{ name: 'invoices', path: () => '/invoices', as: 'admin' },
	{ name: 'todo', path: () => '/todo?city=Paris' },
	{ name: 'numbers', path: () => '/numbers' },
	{ name: 'sign-in', path: () => '/sign-in' },
	{ name: 'sign-up', path: () => '/sign-up' },
	{ name: 'account', path: () => '/account', as: 'admin' },
	{ name: 'functions', path: () => '/functions' },
	{ name: 'events', path: () => '/events' },
	{ name: 'event', path: ({ event }) => `/events/${event}`, as: 'admin' },
	{ name: 'map', path: () => '/map' },
	{ name: 'dead-letters', path: () => '/dead-letters', as: 'admin' },
	{ name: 'drill', path: () => '/drill', as: 'admin' },
	{ name: 'admin-books', path: () => '/admin/books', as: 'admin' },
	{ name: 'admin-movies', path: () => '/admin/movies', as: 'admin' },
	{ name: 'admin-users', path: () => '/admin/users', as: 'admin' },
	{ name: 'admin-billing', path: () => '/admin/billing', as: 'admin' },
	{ name: 'admin-data', path: () => '/admin/data', as: 'admin' },
	{ name: 'admin-table', path: () => '/admin/data/books.books?sort=-price', as: 'admin' },
];
