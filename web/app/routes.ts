import { type ComponentType, lazy } from 'react';
import { Books } from '../books/books.tsx';

/** A screen that is loaded when it is first gone to: `lazily(() => import('…'), 'Movies')`. */
const lazily = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name): ComponentType =>
	lazy<ComponentType>(async () => ({ default: (await load())[name] }));

/** Every screen, by its path. */
export const routes: readonly { readonly path: string; readonly screen: ComponentType }[] = [
	{ path: '/', screen: Books },
	{ path: '/movies', screen: lazily(() => import('../movies/movies.tsx'), 'Movies') },
	{ path: '/orders', screen: lazily(() => import('../orders/orders.tsx'), 'Orders') },
	{ path: '/orders/:id', screen: lazily(() => import('../orders/order.tsx'), 'OrderScreen') },
	{ path: '/invoices', screen: lazily(() => import('../invoices/invoices.tsx'), 'Invoices') },
	{ path: '/todo', screen: lazily(() => import('../todo/todo.tsx'), 'Todo') },
	{ path: '/numbers', screen: lazily(() => import('../numbers/numbers.tsx'), 'Numbers') },
	{ path: '/sign-in', screen: lazily(() => import('../account/sign-in.tsx'), 'SignIn') },
	{ path: '/sign-up', screen: lazily(() => import('../account/sign-up.tsx'), 'SignUp') },
	{ path: '/functions', screen: lazily(() => import('../functions/functions.tsx'), 'Functions') },
	{ path: '/events', screen: lazily(() => import('../events/events.tsx'), 'Events') },
	{ path: '/events/:id', screen: lazily(() => import('../events/event.tsx'), 'EventScreen') },
	{ path: '/dead-letters', screen: lazily(() => import('../dead-letters/dead-letters.tsx'), 'DeadLetters') },
	{ path: '/drill', screen: lazily(() => import('../drill/drill.tsx'), 'Drill') },
	{ path: '/map', screen: lazily(() => import('../map/map.tsx'), 'EventMap') },
	{ path: '/admin/books', screen: lazily(() => import('../admin/books.tsx'), 'AdminBooks') },
	{ path: '/admin/movies', screen: lazily(() => import('../admin/movies.tsx'), 'AdminMovies') },
	{ path: '/admin/users', screen: lazily(() => import('../admin/users.tsx'), 'AdminUsers') },
	{ path: '/admin/billing', screen: lazily(() => import('../admin/billing.tsx'), 'AdminBilling') },
	{ path: '/admin/data', screen: lazily(() => import('../admin/data.tsx'), 'AdminData') },
	{ path: '/admin/data/:table', screen: lazily(() => import('../admin/table.tsx'), 'AdminTable') },
];
