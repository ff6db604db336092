import type { ComponentProps } from 'react';

interface Props extends ComponentProps<'button'> {
	/** `main` is what the screen is for, `danger` cannot be taken back, `bare` is only its words. */
	readonly kind?: 'main' | 'danger' | 'bare';
	/** It is at work: pressing it again does nothing. */
	readonly busy?: boolean;
}

export function Button({ kind, busy = false, type = 'button', onClick, ...rest }: Props) {
	return (
		<button
			{...rest}
			type={type}
			className={`button ${rest.className ?? ''}`}
			data-kind={kind}
			// Not `disabled` while it works: that would take the focus away.
			aria-disabled={busy || undefined}
			onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
		/>
	);
}
