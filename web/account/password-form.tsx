import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { faultOf, Problem } from '../api/problem.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { useTooMany } from './too-many.ts';

const useWords = words(
	{
		current: 'Current password',
		wrong: 'That is not your current password.',
		missing: 'Please enter your current password.',
		next: 'New password',
		long: 'At least 8 characters. A few words make a good password.',
		notLong: 'Please use 8 to 200 characters.',
	},
	{
		current: 'Mot de passe actuel',
		wrong: 'Ce n’est pas votre mot de passe actuel.',
		missing: 'Indiquez votre mot de passe actuel.',
		next: 'Nouveau mot de passe',
		long: 'Au moins 8 caractères. Quelques mots font un bon mot de passe.',
		notLong: 'Choisissez de 8 à 200 caractères.',
	},
);

/** The form's values. Only a change of the password uses the new one. */
export interface Passwords {
	readonly current_password: string;
	readonly new_password: string;
}

const empty: Passwords = { current_password: '', new_password: '' };

interface Props {
	/** The account's e-mail address, for password managers. */
	readonly email: string;
	readonly hasNew?: boolean;
	readonly verb: string;
	readonly kind: 'main' | 'danger';
	/** @throws {Problem} 403 for a wrong password, or one that names an invalid field */
	readonly send: (passwords: Passwords) => Promise<void>;
	readonly onSent?: () => void;
	/** Messages by the status of the response. */
	readonly refusals?: Readonly<Record<number, string>>;
	/** Shown after a success. */
	readonly done?: ReactNode;
}

/** Asks for the current password before a change to the account. Shows each error at its field, and focuses that. */
export function PasswordForm({ email, hasNew = false, verb, kind, send, onSent, refusals = {}, done }: Props) {
	const text = useWords();
	const [passwords, setPasswords] = useState(empty);
	const tooMany = useTooMany();
	const { error, ...sending } = useMutation({
		mutationFn: send,
		onSuccess: () => {
			setPasswords(empty);
			onSent?.();
		},
	});
	const field = (name: keyof Passwords) => ({
		name,
		type: 'password',
		value: passwords[name],
		onChange: ({ target }: { readonly target: { readonly value: string } }) =>
			setPasswords({ ...passwords, [name]: target.value }),
	});
	const isWrong = error instanceof Problem && error.status === 403;
	const current = isWrong ? text.wrong : faultOf(error, 'body.current_password') && text.missing;
	const next = faultOf(error, 'body.new_password') && text.notLong;
	const explained = error && ((error instanceof Problem && refusals[error.status]) || tooMany(error));
	return (
		<Form error={error} busy={sending.isPending} onSend={() => sending.mutate(passwords)}>
			<input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
			<Input {...field('current_password')} label={text.current} autoComplete="current-password" fault={current} />
			{hasNew && (
				<Input {...field('new_password')} label={text.next} autoComplete="new-password" hint={text.long} fault={next} />
			)}
			{explained ? <Notice>{explained}</Notice> : !current && !next && <Failure error={error} />}
			{sending.isSuccess && done && <Notice kind="good">{done}</Notice>}
			<Button type="submit" kind={kind} busy={sending.isPending}>
				{verb}
			</Button>
		</Form>
	);
}
