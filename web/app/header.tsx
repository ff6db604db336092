import { Link } from 'wouter';
import { shop } from '../../shop.ts';
import { words } from '../language.ts';
import { useNarrow } from '../narrow.ts';
import { Account } from './account.tsx';
import { Nav } from './nav.tsx';
import { Skyline } from './skyline.tsx';
import { LanguageSwitch } from './switches/language-switch.tsx';
import { ThemeSwitch } from './switches/theme-switch.tsx';

const useWords = words(
	{ motto: 'Round the corner, open at any hour.' },
	{ motto: 'Au coin de la rue, ouverte à toute heure.' },
);

/** @param slim whether it is a slim bar, as behind the scenes, where the content matters more than the sign */
export function Header({ slim }: { readonly slim: boolean }) {
	const text = useWords();
	const narrow = useNarrow();
	return (
		<header className="storefront" data-slim={slim}>
			<div className="sign">
				<div className="board-top">
					<p className="shop-name">
						<Link href="/">{shop.title}</Link>
					</p>
					{slim ? <Skyline /> : <p className="motto">{text.motto}</p>}
					<div className="tools">
						{!narrow && (
							<>
								<LanguageSwitch />
								<ThemeSwitch />
							</>
						)}
						<Account />
					</div>
				</div>
				<Nav />
			</div>
			<div className="awning" aria-hidden="true" />
		</header>
	);
}
