import { useEffect, useId, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { isAdmin, useAccount } from '../api/account.ts';
import { words } from '../language.ts';

const useWords = words(
	{
		menu: 'Menu',
		shop: 'The shop',
		scenes: 'Behind the scenes',
		admin: 'Admin',
		links: {
			'/': 'Books',
			'/movies': 'Movies',
			'/orders': 'Orders',
			'/invoices': 'Invoices',
			'/todo': 'To-do',
			'/numbers': 'Numbers',
			'/functions': 'Functions',
			'/events': 'Events',
			'/map': 'Map',
			'/dead-letters': 'Dead letters',
			'/drill': 'Break it',
			'/admin/books': 'Books',
			'/admin/movies': 'Movies',
			'/admin/users': 'Users',
			'/admin/billing': 'Billing',
			'/admin/data': 'Data',
		},
	},
	{
		menu: 'Menu',
		shop: 'La boutique',
		scenes: 'L’envers du décor',
		admin: 'Administration',
		links: {
			'/': 'Livres',
			'/movies': 'Films',
			'/orders': 'Commandes',
			'/invoices': 'Factures',
			'/todo': 'À faire',
			'/numbers': 'Nombres',
			'/functions': 'Fonctions',
			'/events': 'Événements',
			'/map': 'Plan',
			'/dead-letters': 'Lettres mortes',
			'/drill': 'Exercice de panne',
			'/admin/books': 'Livres',
			'/admin/movies': 'Films',
			'/admin/users': 'Comptes',
			'/admin/billing': 'Facturation',
			'/admin/data': 'Données',
		},
	},
);

const groups = {
	shop: ['/', '/movies', '/orders', '/invoices', '/todo', '/numbers'],
	scenes: ['/functions', '/events', '/map', '/dead-letters', '/drill'],
	admin: ['/admin/books', '/admin/movies', '/admin/users', '/admin/billing', '/admin/data'],
} as const;

/** Links to every screen; on a narrow page behind a button. */
export function Nav() {
	const text = useWords();
	const [path] = useLocation();
	const [open, setOpen] = useState(false);
	const admin = isAdmin(useAccount());
	const id = useId();
	// biome-ignore lint/correctness/useExhaustiveDependencies: a change of path closes the menu
	useEffect(() => setOpen(false), [path]);
	const isHere = (href: string): boolean => (href === '/' ? path === '/' : `${path}/`.startsWith(`${href}/`));
	return (
		<nav className="nav" onKeyDown={({ key }) => key === 'Escape' && setOpen(false)}>
			<button
				type="button"
				className="button menu"
				aria-expanded={open}
				aria-controls={id}
				onClick={() => setOpen(!open)}
			>
				{text.menu}
			</button>
			<div id={id} className="ways" data-open={open}>
				{(['shop', 'scenes', ...(admin ? (['admin'] as const) : [])] as const).map((group) => (
					<div key={group} className="ways-group">
						<p id={`${id}-${group}`}>{text[group]}</p>
						<ul aria-labelledby={`${id}-${group}`}>
							{groups[group].map((href) => (
								<li key={href}>
									<Link href={href} aria-current={isHere(href) ? 'page' : undefined}>
										{text.links[href]}
									</Link>
								</li>
							))}
						</ul>
					</div>
				))}
			</div>
		</nav>
	);
}
