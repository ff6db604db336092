import type { ComponentType } from 'react';

/** A group of links in the navigation. Only admins see `admin`. */
export type Group = 'shop' | 'scenes' | 'admin';

export interface Screen {
	/** With parameters as `:name`. The gateway serves the page at each path that starts like it. */
	readonly path: string;
	/** The link in the navigation: its group, and its text in English and French. */
	readonly link?: readonly [Group, string, string];
	/** Loads the screen's code. */
	readonly load: () => Promise<ComponentType>;
}

/** Every screen, in the order of the navigation. */
export const screens: readonly Screen[] = [
	{ path: '/', link: ['shop', 'Books', 'Livres'], load: async () => (await import('./books/books.tsx')).Books },
	{
		path: '/movies',
		link: ['shop', 'Movies', 'Films'],
		load: async () => (await import('./movies/movies.tsx')).Movies,
	},
	{
		path: '/orders',
		link: ['shop', 'Orders', 'Commandes'],
		load: async () => (await import('./orders/orders.tsx')).Orders,
	},
	{ path: '/orders/:id', load: async () => (await import('./orders/order.tsx')).OrderScreen },
	{
		path: '/invoices',
		link: ['shop', 'Invoices', 'Factures'],
		load: async () => (await import('./invoices/invoices.tsx')).Invoices,
	},
	{ path: '/todo', link: ['shop', 'To-do', 'À faire'], load: async () => (await import('./todo/todo.tsx')).Todo },
	{
		path: '/numbers',
		link: ['shop', 'Numbers', 'Nombres'],
		load: async () => (await import('./numbers/numbers.tsx')).Numbers,
	},
	{
		path: '/functions',
		link: ['scenes', 'Functions', 'Fonctions'],
		load: async () => (await import('./functions/functions.tsx')).Functions,
	},
	{
		path: '/events',
		link: ['scenes', 'Events', 'Événements'],
		load: async () => (await import('./events/events.tsx')).Events,
	},
	{ path: '/events/:id', load: async () => (await import('./events/event/event.tsx')).EventScreen },
	{ path: '/map', link: ['scenes', 'Map', 'Plan'], load: async () => (await import('./map/map.tsx')).EventMap },
	{
		path: '/dead-letters',
		link: ['scenes', 'Dead letters', 'Lettres mortes'],
		load: async () => (await import('./dead-letters/dead-letters.tsx')).DeadLetters,
	},
	{
		path: '/drill',
		link: ['scenes', 'Break it', 'Exercice de panne'],
		load: async () => (await import('./drill/drill.tsx')).Drill,
	},
	{ path: '/sign-in', load: async () => (await import('./account/sign-in.tsx')).SignIn },
	{ path: '/sign-up', load: async () => (await import('./account/sign-up.tsx')).SignUp },
	{
		path: '/admin/books',
		link: ['admin', 'Books', 'Livres'],
		load: async () => (await import('./admin/catalog/books.tsx')).AdminBooks,
	},
	{
		path: '/admin/movies',
		link: ['admin', 'Movies', 'Films'],
		load: async () => (await import('./admin/catalog/movies.tsx')).AdminMovies,
	},
	{
		path: '/admin/users',
		link: ['admin', 'Users', 'Comptes'],
		load: async () => (await import('./admin/users.tsx')).AdminUsers,
	},
	{
		path: '/admin/billing',
		link: ['admin', 'Billing', 'Facturation'],
		load: async () => (await import('./admin/billing/billing.tsx')).AdminBilling,
	},
	{
		path: '/admin/data',
		link: ['admin', 'Data', 'Données'],
		load: async () => (await import('./admin/data/data.tsx')).AdminData,
	},
	{ path: '/admin/data/:table', load: async () => (await import('./admin/table.tsx')).AdminTable },
];
