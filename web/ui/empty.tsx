import { ButtonLink } from './button.tsx';

export function Empty({ text, href, there }: Readonly<Record<'text' | 'href' | 'there', string>>) {
	return (
		<div className="empty stack">
			<p>{text}</p>
			<p>
				<ButtonLink href={href}>{there}</ButtonLink>
			</p>
		</div>
	);
}
