import { useEffect, useId, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { isAdmin, useAccount } from '../api/account.ts';
import { useLanguage, words } from '../language.ts';
import { type Group, home, screens } from '../screens.ts';

const useWords = words(
	{
		menu: 'Menu',
		shop: 'The shop',
		scenes: 'Behind the scenes',
		admin: 'Admin',
	},
	{
		menu: 'Menu',
		shop: 'La boutique',
		scenes: 'L’envers du décor',
		admin: 'Administration',
	},
);

const linksOf = (group: Group) =>
	screens.flatMap(({ path, link }) => (link?.[0] === group ? [{ href: path, en: link[1], fr: link[2] }] : []));

/** Links to every screen; on a narrow page behind a button. */
export function Nav() {
	const text = useWords();
	const language = useLanguage();
	const [path] = useLocation();
	const [open, setOpen] = useState(false);
	const shown = isAdmin(useAccount()) ? (['shop', 'scenes', 'admin'] as const) : (['shop', 'scenes'] as const);
	const groups = shown.filter((group) => linksOf(group).length > 0);
	const id = useId();
	// biome-ignore lint/correctness/useExhaustiveDependencies: a change of path closes the menu
	useEffect(() => setOpen(false), [path]);
	const isHere = (href: string): boolean =>
		path === '/' ? href === home?.path : href !== '/' && `${path}/`.startsWith(`${href}/`);
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
				{groups.map((group) => (
					<div key={group} className="ways-group">
						<p id={`${id}-${group}`}>{text[group]}</p>
						<ul aria-labelledby={`${id}-${group}`}>
							{linksOf(group).map(({ href, en, fr }) => (
								<li key={href}>
									<Link href={href} aria-current={isHere(href) ? 'page' : undefined}>
										{language === 'fr' ? fr : en}
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
