import { Link } from 'wouter';

interface Props {
	readonly text: string;
	readonly href: string;
	readonly there: string;
}

/** A message that there is nothing here, with a link to another screen. */
export function Empty({ text, href, there }: Props) {
	return (
		<div className="empty stack">
			<p>{text}</p>
			<p>
				<Link className="button" href={href}>
					{there}
				</Link>
			</p>
		</div>
	);
}
