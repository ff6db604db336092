import type { ComponentType } from 'react';

/** A group of links in the navigation. Only admins see `admin`. */
export type Group = 'shop' | 'scenes' | 'admin';

export interface Screen {
	/** With parameters as `:name`. The gateway serves the page at each path that starts like it. */
	readonly path: string;
	/** The link in the navigation: its group, and its text in English and French. */
	readonly link?: readonly [Group, string, string];
	/** Loads the screen's code, a module whose default export is the component. */
	readonly load: () => Promise<{ default: ComponentType }>;
}

/** Every screen, in the order of the navigation. */
export const screens: readonly Screen[] = [
	{ path: '/', link: ['shop', 'Books', 'Livres'], load: () => import('./books/books.tsx') },
	{ path: '/movies', link: ['shop', 'Movies', 'Films'], load: () => import('./movies/movies.tsx') },
	{ path: '/orders', link: ['shop', 'Orders', 'Commandes'], load: () => import('./orders/orders.tsx') },
	{ path: '/orders/:id', load: () => import('./orders/order.tsx') },
	{ path: '/invoices', link: ['shop', 'Invoices', 'Factures'], load: () => import('./invoices/invoices.tsx') },
	{ path: '/todo', link: ['shop', 'To-do', 'À faire'], load: () => import('./todo/todo.tsx') },
	{ path: '/numbers', link: ['shop', 'Numbers', 'Nombres'], load: () => import('./numbers/numbers.tsx') },
	{ path: '/functions', link: ['scenes', 'Functions', 'Fonctions'], load: () => import('./functions/functions.tsx') },
	{ path: '/events', link: ['scenes', 'Events', 'Événements'], load: () => import('./events/events.tsx') },
	{ path: '/events/:id', load: () => import('./events/event/event.tsx') },
	{ path: '/map', link: ['scenes', 'Map', 'Plan'], load: () => import('./map/map.tsx') },
	{
		path: '/dead-letters',
		link: ['scenes', 'Dead letters', 'Lettres mortes'],
		load: () => import('./dead-letters/dead-letters.tsx'),
	},
	{ path: '/drill', link: ['scenes', 'Break it', 'Exercice de panne'], load: () => import('./drill/drill.tsx') },
	{ path: '/sign-in', load: () => import('./account/sign-in.tsx') },
	{ path: '/sign-up', load: () => import('./account/sign-up.tsx') },
	{ path: '/account', load: () => import('./account/account.tsx') },
	{ path: '/admin/books', link: ['admin', 'Books', 'Livres'], load: () => import('./admin/catalog/books.tsx') },
	{ path: '/admin/movies', link: ['admin', 'Movies', 'Films'], load: () => import('./admin/catalog/movies.tsx') },
	{ path: '/admin/users', link: ['admin', 'Users', 'Comptes'], load: () => import('./admin/users.tsx') },
	{
		path: '/admin/billing',
		link: ['admin', 'Billing', 'Facturation'],
		load: () => import('./admin/billing/billing.tsx'),
	},
	{ path: '/admin/data', link: ['admin', 'Data', 'Données'], load: () => import('./admin/data/data.tsx') },
	{ path: '/admin/data/:table', load: () => import('./admin/table.tsx') },
];
