import { Link, useLocation } from 'wouter';
import { useLanguage } from '../language.ts';
import { type Group, home, screens } from '../screens.ts';

export const linksOf = (group: Group) =>
	screens.flatMap(({ path, link }) => (link?.[0] === group ? [{ href: path, en: link[1], fr: link[2] }] : []));

/** The links of a group of screens. The one to the current screen is marked. */
export function Links({ group, labelledBy }: { readonly group: Group; readonly labelledBy: string }) {
	const language = useLanguage();
	const [path] = useLocation();
	const isHere = (href: string): boolean =>
		path === '/' ? href === home?.path : href !== '/' && `${path}/`.startsWith(`${href}/`);
	return (
		<ul aria-labelledby={labelledBy}>
			{linksOf(group).map(({ href, en, fr }) => (
				<li key={href}>
					<Link href={href} aria-current={isHere(href) ? 'page' : undefined}>
						{language === 'fr' ? fr : en}
					</Link>
				</li>
			))}
		</ul>
	);
}
