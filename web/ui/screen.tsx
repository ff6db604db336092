import { type ReactNode, useEffect, useRef } from 'react';

interface Props {
	readonly title: string;
	/** A sentence on what is to be seen here. */
	readonly lead?: ReactNode;
	/** Beside the heading: a summary, or what can be done about all of it. */
	readonly aside?: ReactNode;
	readonly className?: string;
	readonly children: ReactNode;
}

/** The page begins with a screen that nobody has gone to. */
let isFirst = true;

/** A screen: names the document, and takes the focus when one has gone to it, so that who listens hears where they are. */
export function Screen({ title, lead, aside, className = '', children }: Props) {
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => {
		document.title = `${title} · Bodega`;
	}, [title]);
	useEffect(() => {
		if (!isFirst) heading.current?.focus({ preventScroll: true });
		isFirst = false;
	}, []);
	return (
		<div className={`screen ${className}`}>
			<div className="stack">
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
