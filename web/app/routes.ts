import { type ComponentType, createElement, use } from 'react';
import { Books } from '../books/books.tsx';

interface Route {
	readonly path: string;
	readonly screen: ComponentType;
	/** Loads the screen's code. */
	readonly load?: () => Promise<unknown>;
}

/** Declares a screen whose code is loaded when it is first shown: `lazily('/movies', () => import('…'), 'Movies')`. */
function lazily<Name extends string>(
	path: string,
	load: () => Promise<Record<Name, ComponentType>>,
	name: Name,
): Route {
	let loaded: Record<Name, ComponentType> | undefined;
	let loading: Promise<Record<Name, ComponentType>> | undefined;
	const keep = async () => {
		loaded = await load();
		return loaded;
	};
	const loadOnce = () => {
		loading ??= keep();
		return loading;
	};
	return { path, screen: () => createElement((loaded ?? use(loadOnce()))[name]), load: loadOnce };
}

/** Every screen with its path. */
export const routes: readonly Route[] = [
	{ path: '/', screen: Books },
	lazily('/movies', () => import('../movies/movies.tsx'), 'Movies'),
	lazily('/orders', () => import('../orders/orders.tsx'), 'Orders'),
	lazily('/orders/:id', () => import('../orders/order.tsx'), 'OrderScreen'),
	lazily('/invoices', () => import('../invoices/invoices.tsx'), 'Invoices'),
	lazily('/todo', () => import('../todo/todo.tsx'), 'Todo'),
	lazily('/numbers', () => import('../numbers/numbers.tsx'), 'Numbers'),
	lazily('/sign-in', () => import('../account/sign-in.tsx'), 'SignIn'),
	lazily('/sign-up', () => import('../account/sign-up.tsx'), 'SignUp'),
	lazily('/functions', () => import('../functions/functions.tsx'), 'Functions'),
	lazily('/events', () => import('../events/events.tsx'), 'Events'),
	lazily('/events/:id', () => import('../events/event/event.tsx'), 'EventScreen'),
	lazily('/dead-letters', () => import('../dead-letters/dead-letters.tsx'), 'DeadLetters'),
	lazily('/drill', () => import('../drill/drill.tsx'), 'Drill'),
	lazily('/map', () => import('../map/map.tsx'), 'EventMap'),
	lazily('/admin/books', () => import('../admin/catalog/books.tsx'), 'AdminBooks'),
	lazily('/admin/movies', () => import('../admin/catalog/movies.tsx'), 'AdminMovies'),
	lazily('/admin/users', () => import('../admin/users.tsx'), 'AdminUsers'),
	lazily('/admin/billing', () => import('../admin/billing/billing.tsx'), 'AdminBilling'),
	lazily('/admin/data', () => import('../admin/data/data.tsx'), 'AdminData'),
	lazily('/admin/data/:table', () => import('../admin/table.tsx'), 'AdminTable'),
];

/** Loads the code of the screen at a path. */
export async function loadScreen(pathname: string): Promise<void> {
	const matches = (path: string): boolean => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`).test(pathname);
	await routes.find(({ path }) => matches(path))?.load?.();
}
