import { useEffect, useId, useState } from 'react';
import { useLocation } from 'wouter';
import { words } from '../language.ts';
import { useNarrow } from '../narrow.ts';
import { Links, linksOf } from './links.tsx';
import { LanguageSwitch } from './switches/language-switch.tsx';
import { ThemeSwitch } from './switches/theme-switch.tsx';

const useWords = words(
	{ menu: 'Menu', screens: 'Screens', shop: 'The shop', scenes: 'Behind the scenes' },
	{ menu: 'Menu', screens: 'Écrans', shop: 'La boutique', scenes: 'L’envers du décor' },
);

/** Links to the screens for everyone; on a narrow page behind a button, with the switches. */
export function Nav() {
	const text = useWords();
	const [path] = useLocation();
	const narrow = useNarrow();
	const [open, setOpen] = useState(false);
	const groups = (['shop', 'scenes'] as const).filter((group) => linksOf(group).length > 0);
	const id = useId();
	// biome-ignore lint/correctness/useExhaustiveDependencies: a change of path closes the menu
	useEffect(() => setOpen(false), [path]);
	return (
		<nav className="nav" aria-label={text.screens} onKeyDown={({ key }) => key === 'Escape' && setOpen(false)}>
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
						<Links group={group} labelledBy={`${id}-${group}`} />
					</div>
				))}
				{narrow && (
					<div className="row">
						<LanguageSwitch />
						<ThemeSwitch />
					</div>
				)}
			</div>
		</nav>
	);
}
