import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { faultOf } from '../api/problem.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { Failure, Notice } from '../ui/notice.tsx';

const useWords = words(
	{
		name: 'Name',
		called: 'What are you called?',
		email: 'E-mail',
		noAddress: 'An address like ada@example.com is wanted here.',
		password: 'Password',
		long: 'At least 8 characters; a few words are a good one.',
		notLong: 'From 8 to 200 characters are wanted here.',
		missing: 'A password is wanted here.',
		show: 'Show the password',
	},
	{
		name: 'Nom',
		called: 'Comment vous appelez-vous ?',
		email: 'E-mail',
		noAddress: 'Il faut ici une adresse comme ada@example.com.',
		password: 'Mot de passe',
		long: 'Au moins 8 caractères ; quelques mots font un bon mot de passe.',
		notLong: 'Il faut ici de 8 à 200 caractères.',
		missing: 'Il faut ici un mot de passe.',
		show: 'Afficher le mot de passe',
	},
);

/** What is filled in; nobody who has an account is asked for the name. */
export interface Filled {
	readonly name: string;
	readonly email: string;
	readonly password: string;
}

interface Props {
	/** Whether the account is made with it. */
	readonly isNew?: boolean;
	/** What the button says. */
	readonly verb: string;
	/** @throws {Problem} with the field at fault as `body.email` */
	readonly enter: (filled: Filled) => Promise<void>;
	readonly onEntered: () => void;
	/** What there is to be said about a failure, in the reader's language; undefined leaves it to the shop's own words. */
	readonly explain: (error: Error) => ReactNode;
	readonly children: ReactNode;
}

/** The form that one comes in by; what is wrong is told at its field, and the first one is gone to. */
export function EntryForm({ isNew = false, verb, enter, onEntered, explain, children }: Props) {
	const text = useWords();
	const form = useRef<HTMLFormElement>(null);
	const [filled, setFilled] = useState<Filled>({ name: '', email: '', password: '' });
	const [shown, show] = useState(false);
	const { error, ...entering } = useMutation({ mutationFn: enter, onSuccess: onEntered });
	// Also when the same comes again: each failure is another.
	useEffect(() => {
		if (error) form.current?.querySelector<HTMLElement>('[aria-invalid], [name="password"]')?.focus();
	}, [error]);
	const field = (name: keyof Filled) => ({
		name,
		value: filled[name],
		onChange: ({ target }: { readonly target: { readonly value: string } }) =>
			setFilled({ ...filled, [name]: target.value }),
	});
	const fault = (name: keyof Filled, said: string): string | undefined => faultOf(error, `body.${name}`) && said;
	const atField = (['name', 'email', 'password'] as const).some((name) => fault(name, name));
	const explained = error && !atField ? explain(error) : undefined;
	return (
		<form
			ref={form}
			className="form"
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				// What is shown as text a browser keeps, to propose it the next time.
				show(false);
				if (!entering.isPending) entering.mutate(filled);
			}}
		>
			{isNew && (
				<Input
					{...field('name')}
					label={text.name}
					autoComplete="name"
					maxLength={200}
					fault={fault('name', text.called)}
				/>
			)}
			<Input
				{...field('email')}
				label={text.email}
				type="email"
				autoComplete="username"
				autoCapitalize="none"
				spellCheck={false}
				fault={fault('email', text.noAddress)}
			/>
			<div className="password">
				<Input
					{...field('password')}
					label={text.password}
					type={shown ? 'text' : 'password'}
					autoComplete={isNew ? 'new-password' : 'current-password'}
					autoCapitalize="none"
					spellCheck={false}
					hint={isNew ? text.long : undefined}
					fault={fault('password', isNew ? text.notLong : text.missing)}
				/>
				<label className="password-show">
					<input type="checkbox" checked={shown} onChange={({ target }) => show(target.checked)} />
					{text.show}
				</label>
			</div>
			{explained ? <Notice>{explained}</Notice> : !atField && <Failure error={error} />}
			<Button type="submit" kind="main" busy={entering.isPending || entering.isSuccess}>
				{verb}
			</Button>
			<p className="small">{children}</p>
		</form>
	);
}
