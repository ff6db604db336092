import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { shop } from '../../shop.ts';
import { useLanguage } from '../language.ts';
import { screenAt } from '../screens.ts';

/** Stands for a screen while its code is loaded: the name of its link as the heading, and room for its content. */
export function Placeholder() {
	const language = useLanguage();
	const [path] = useLocation();
	const [, en, fr] = screenAt(path)?.link ?? [];
	const title = language === 'fr' ? fr : en;
	useEffect(() => {
		document.title = title === undefined ? shop.title : `${title} · ${shop.title}`;
	}, [title]);
	return (
		<div className="screen" aria-busy="true">
			<div className="screen-head stack">
				<div className="heading">
					<h1>{title ?? '…'}</h1>
				</div>
			</div>
			<div className="waiting" />
		</div>
	);
}
