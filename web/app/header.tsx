import { Link } from 'wouter';
import { shop } from '../../shop.ts';
import { words } from '../language.ts';
import { Account } from './account.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { Nav } from './nav.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

const useWords = words(
	{ motto: 'Round the corner, open at any hour.' },
	{ motto: 'Au coin de la rue, ouverte à toute heure.' },
);

export function Header() {
	const text = useWords();
	return (
		<header className="storefront">
			<div className="sign">
				<div className="board-top">
					<p className="shop-name">
						<Link href="/">{shop.title}</Link>
					</p>
					<p className="motto">{text.motto}</p>
					<div className="tools">
						<LanguageSwitch />
						<ThemeSwitch />
						<Account />
					</div>
				</div>
				<Nav />
			</div>
			<div className="awning" aria-hidden="true" />
		</header>
	);
}
