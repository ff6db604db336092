import { type ReactNode, useEffect, useRef } from 'react';

interface Props {
	/** The failure of the last attempt, if it failed. */
	readonly error: Error | null;
	/** Whether an attempt is in progress; a second one does not start then. */
	readonly busy: boolean;
	readonly onSend: () => void;
	/** A selector of the field to focus after a failure. Default: the first one with an error. */
	readonly focus?: string;
	readonly children: ReactNode;
}

/** A form that shows errors at its fields instead of the browser's messages, and focuses the first field with an error. */
export function Form({ error, busy, onSend, focus = '[aria-invalid]', children }: Props) {
	const form = useRef<HTMLFormElement>(null);
	// Each failure is a new object, so this also runs when the same error recurs.
	useEffect(() => {
		if (error) form.current?.querySelector<HTMLElement>(focus)?.focus();
	}, [error, focus]);
	return (
		<form
			ref={form}
			className="form"
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				if (!busy) onSend();
			}}
		>
			{children}
		</form>
	);
}
