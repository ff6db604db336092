import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { faultOf } from '../api/problem.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { Failure, Notice } from '../ui/notice.tsx';

const useWords = words(
	{
		name: 'Name',
		called: 'Please enter your name.',
		email: 'E-mail',
		noAddress: 'Please enter an address like ada@example.com.',
		password: 'Password',
		long: 'At least 8 characters. A few words make a good password.',
		notLong: 'Please use 8 to 200 characters.',
		missing: 'Please enter your password.',
		show: 'Show the password',
	},
	{
		name: 'Nom',
		called: 'Indiquez votre nom.',
		email: 'E-mail',
		noAddress: 'Indiquez une adresse comme ada@example.com.',
		password: 'Mot de passe',
		long: 'Au moins 8 caractères. Quelques mots font un bon mot de passe.',
		notLong: 'Choisissez de 8 à 200 caractères.',
		missing: 'Indiquez votre mot de passe.',
		show: 'Afficher le mot de passe',
	},
);

/** The form's values. Only a new account uses the name. */
export interface Filled {
	readonly name: string;
	readonly email: string;
	readonly password: string;
}

interface Props {
	readonly isNew?: boolean;
	readonly verb: string;
	/** @throws {Problem} that names an invalid field as `body.email` */
	readonly enter: (filled: Filled) => Promise<void>;
	readonly onEntered: () => void;
	/** Returns a message for a failure in the reader's language; undefined to show the shop's message. */
	readonly explain: (error: Error) => ReactNode;
	readonly children: ReactNode;
}

/** The sign-in or sign-up form. It shows each error at its field, and focuses the first field with an error. */
export function EntryForm({ isNew = false, verb, enter, onEntered, explain, children }: Props) {
	const text = useWords();
	const [filled, setFilled] = useState<Filled>({ name: '', email: '', password: '' });
	const [shown, show] = useState(false);
	const { error, ...entering } = useMutation({ mutationFn: enter, onSuccess: onEntered });
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
		<Form
			error={error}
			busy={entering.isPending}
			focus='[aria-invalid], [name="password"]'
			onSend={() => {
				// Hide the password, because a browser remembers the values of text fields and suggests them later.
				show(false);
				entering.mutate(filled);
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
					<input type="checkbox" className="tick" checked={shown} onChange={({ target }) => show(target.checked)} />
					{text.show}
				</label>
			</div>
			{explained ? <Notice>{explained}</Notice> : !atField && <Failure error={error} />}
			<Button type="submit" kind="main" busy={entering.isPending || entering.isSuccess}>
				{verb}
			</Button>
			<p className="small">{children}</p>
		</Form>
	);
}
