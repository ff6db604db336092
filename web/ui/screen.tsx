import { type ReactNode, useEffect, useRef } from 'react';
import { shop } from '../../shop.ts';

interface Props {
	readonly title: string;
	/** The part of the shop, in the document's title only, where another screen has the same heading. */
	readonly section?: string;
	readonly lead?: ReactNode;
	/** Shown beside the heading: a summary, or actions on the whole screen. */
	readonly aside?: ReactNode;
	readonly className?: string;
	readonly children: ReactNode;
}

/** Whether the next screen is the first one, which opens without a navigation. */
let isFirst = true;

/** A screen. Sets the document's title and, after a navigation, focuses its heading for screen readers, unless a part of the page keeps the focus. */
export function Screen({ title, section, lead, aside, className = '', children }: Props) {
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => {
		document.title = [title, section, shop.title].filter(Boolean).join(' · ');
	}, [title, section]);
	useEffect(() => {
		const stays = document.activeElement?.closest('[data-keeps-focus]');
		if (!isFirst && !stays) heading.current?.focus({ preventScroll: true });
		isFirst = false;
	}, []);
	return (
		<div className={`screen ${className}`}>
			<div className="screen-head stack">
				<div className="heading">
					<h1 ref={heading} tabIndex={-1}>
						{title}
					</h1>
					{aside}
				</div>
				{lead && <p className="lead">{lead}</p>}
			</div>
			{children}
		</div>
	);
}
