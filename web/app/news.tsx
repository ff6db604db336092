import { useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { news } from '../api/news.ts';
import { useStore } from '../api/store.ts';
import { useLanguage, words } from '../language.ts';

const useWords = words({ close: 'Close the notice' }, { close: 'Fermer l’avis' });

/** Shows the latest news on every screen but its own, until it is read or closed. */
export function News() {
	const text = useWords();
	const language = useLanguage();
	const item = useStore(news);
	const [path] = useLocation();
	const isRead = item?.href === path;
	useEffect(() => {
		if (isRead) news.set(undefined);
	}, [isRead]);
	return (
		<div role="status">
			{item && !isRead && (
				<p className="news">
					<Link href={item.href}>{item.text[language]}</Link>
					<button type="button" className="frameless" aria-label={text.close} onClick={() => news.set(undefined)}>
						<span aria-hidden="true">×</span>
					</button>
				</p>
			)}
		</div>
	);
}
