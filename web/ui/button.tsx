import type { ComponentProps, ReactNode } from 'react';
import { Link } from 'wouter';

interface Props extends ComponentProps<'button'> {
	/** `main` is the screen's main action, `danger` cannot be undone, `bare` looks like plain text. */
	readonly kind?: 'main' | 'danger' | 'bare';
	/** While it is busy, pressing it again does nothing. */
	readonly busy?: boolean;
}

export function Button({ kind, busy = false, type = 'button', onClick, ...rest }: Props) {
	return (
		<button
			{...rest}
			type={type}
			className={`button ${rest.className ?? ''}`}
			data-kind={kind}
			// Not `disabled` while busy, because that would take the focus away.
			aria-disabled={busy || undefined}
			onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
		/>
	);
}

interface LinkProps extends Pick<Props, 'kind'> {
	readonly href: string;
	readonly onClick?: () => void;
	readonly children: ReactNode;
}

/** A link that looks like a button. */
export const ButtonLink = ({ kind, ...link }: LinkProps) => <Link {...link} className="button" data-kind={kind} />;
