import { Link } from 'wouter';

interface Props {
	readonly text: string;
	/** Where to go instead. */
	readonly href: string;
	readonly there: string;
}

/** That there is nothing here, and a way on. */
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
