import { type ComponentProps, type ReactElement, type ReactNode, useId } from 'react';

interface Props {
	readonly label: string;
	readonly hint?: string | undefined;
	/** The error in the value; shown instead of the hint. */
	readonly fault?: ReactNode;
}

type Described = {
	readonly id: string;
	readonly 'aria-describedby': string | undefined;
	readonly 'aria-invalid': true | undefined;
};

/** A label, a control, and its hint or error, connected for screen readers. */
function Field({ label, hint, fault, children }: Props & { readonly children: (tied: Described) => ReactElement }) {
	const id = useId();
	const said = hint !== undefined || Boolean(fault);
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
			{children({ id, 'aria-describedby': said ? `${id}-said` : undefined, 'aria-invalid': fault ? true : undefined })}
			{said && (
				<p id={`${id}-said`} className={fault ? 'fault' : 'hint'}>
					{fault ?? hint}
				</p>
			)}
		</div>
	);
}

export function Input({ label, hint, fault, ...input }: Props & ComponentProps<'input'>) {
	return (
		<Field label={label} hint={hint} fault={fault}>
			{(tied) => <input {...input} {...tied} />}
		</Field>
	);
}

export function TextArea({ label, hint, fault, ...input }: Props & ComponentProps<'textarea'>) {
	return (
		<Field label={label} hint={hint} fault={fault}>
			{(tied) => <textarea {...input} {...tied} />}
		</Field>
	);
}

export function Select({ label, hint, fault, ...input }: Props & ComponentProps<'select'>) {
	return (
		<Field label={label} hint={hint} fault={fault}>
			{(tied) => <select {...input} {...tied} />}
		</Field>
	);
}
