import type { ComponentType, PropsWithChildren } from 'react';
import Books from './books/books.tsx';

/** A group of links in the navigation. Only admins see `admin`. */
export type Group = 'shop' | 'scenes' | 'admin';

/** Loads the code of a component: a module's default export. */
export type Load = () => Promise<{ default: ComponentType<PropsWithChildren> }>;

interface Place {
	/** With parameters as `:name`. The gateway serves the page at each path that starts like it. */
	readonly path: string;
	/** The link in the navigation: its group, and its text in English and French. */
	readonly link?: readonly [Group, string, string];
	/** The group of a screen to which no link of the navigation leads, unless it is the shop. */
	readonly group?: Group;
}

/** A screen whose code comes with the page. */
interface Ready extends Place {
	readonly screen: ComponentType;
	readonly load?: undefined;
	readonly parts?: undefined;
}

export interface Lazy extends Place {
	readonly screen?: undefined;
	readonly load: Load;
	/** The children of the screen. A screen without any of its parts does not exist. */
	readonly parts?: Readonly<Record<string, Load>>;
}

const list: readonly (Ready | Lazy)[] = [
	{ path: '/', link: ['shop', 'Books', 'Livres'], screen: Books },
	{ path: '/movies', link: ['shop', 'Movies', 'Films'], load: () => import('./movies/movies.tsx') },
	{ path: '/orders', link: ['shop', 'Orders', 'Commandes'], load: () => import('./orders/orders.tsx') },
	{ path: '/orders/:id', load: () => import('./orders/order/order.tsx') },
	{ path: '/invoices', link: ['shop', 'Invoices', 'Factures'], load: () => import('./billing/invoices.tsx') },
	{
		path: '/todo',
		link: ['shop', 'Today', 'Aujourd’hui'],
		load: () => import('./today/today.tsx'),
		parts: {
			todo: () => import('./todo/notepad.tsx'),
			weather: () => import('./weather/weather.tsx'),
		},
	},
	{
		path: '/numbers',
		link: ['shop', 'Numbers', 'Nombres'],
		load: () => import('./numbers/numbers.tsx'),
		parts: {
			calc: () => import('./calc/calculator.tsx'),
			stats: () => import('./stats/statistics.tsx'),
		},
	},
	{ path: '/functions', link: ['scenes', 'Functions', 'Fonctions'], load: () => import('./functions/functions.tsx') },
	{ path: '/functions/:name', load: () => import('./functions/window/window.tsx') },
	{ path: '/events', link: ['scenes', 'Events', 'Événements'], load: () => import('./events/events.tsx') },
	{ path: '/events/:id', load: () => import('./events/event/event.tsx') },
	{ path: '/traces/:trace', group: 'scenes', load: () => import('./traces/trace.tsx') },
	{ path: '/map', link: ['scenes', 'Map', 'Plan'], load: () => import('./map/map.tsx') },
	{
		path: '/dead-letters',
		link: ['scenes', 'Dead letters', 'Lettres mortes'],
		load: () => import('./dead-letters/dead-letters.tsx'),
	},
	{ path: '/drill', link: ['scenes', 'Break it', 'Exercice de panne'], load: () => import('./orders/drill/drill.tsx') },
	{ path: '/reference', link: ['scenes', 'API', 'API'], load: () => import('./reference/reference.tsx') },
	{ path: '/sign-in', load: () => import('./account/sign-in.tsx') },
	{ path: '/sign-up', load: () => import('./account/sign-up.tsx') },
	{ path: '/account', load: () => import('./account/account.tsx') },
	{ path: '/admin/books', link: ['admin', 'Books', 'Livres'], load: () => import('./books/admin.tsx') },
	{ path: '/admin/movies', link: ['admin', 'Movies', 'Films'], load: () => import('./movies/admin.tsx') },
	{ path: '/admin/users', link: ['admin', 'Users', 'Comptes'], load: () => import('./admin/users.tsx') },
	{ path: '/admin/billing', link: ['admin', 'Billing', 'Facturation'], load: () => import('./billing/admin.tsx') },
	{ path: '/admin/data', link: ['admin', 'Data', 'Données'], load: () => import('./admin/data/data.tsx') },
	{ path: '/admin/data/:table', load: () => import('./admin/table.tsx') },
];

/** Every screen, in the order of the navigation. */
export const screens = list.filter(({ parts }) => !parts || Object.keys(parts).length > 0);

/** The screen at `/`: the first one, unless another has this path. */
export const home = screens.find(({ path }) => path === '/') ?? screens[0];

/** Returns the screen with a link that a path leads to, or that the screen at the path belongs to. */
export const screenAt = (path: string): (typeof screens)[number] | undefined =>
	path === '/' ? home : screens.find(({ link, path: own }) => link && own !== '/' && `${path}/`.startsWith(`${own}/`));

export const groupAt = (path: string): Group =>
	screens.find(({ group, path: own }) => group && path.startsWith(own.replace(/:.*/, '')))?.group ??
	screenAt(path)?.link?.[0] ??
	'shop';
