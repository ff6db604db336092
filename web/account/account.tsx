import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { User } from '../../functions/users/api.ts';
import { useAccount } from '../api/account.ts';
import { ask } from '../api/ask.ts';
import { useAnswer } from '../api/query.ts';
import { leave } from '../api/session.ts';
import { words } from '../language.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Failure } from '../ui/notice.tsx';
import { Screen } from '../ui/screen.tsx';
import { Holder } from './holder.tsx';
import { PasswordForm } from './password-form.tsx';

const useWords = words(
	{
		title: 'Your account',
		stranger: 'Sign in to see your account.',
		signIn: 'Sign in',
		password: 'Password',
		passwordHint: 'You stay signed in here, and are signed out everywhere else.',
		change: 'Change the password',
		changed: 'Your password has changed.',
		sessions: 'Sessions',
		sessionsHint: 'Did you sign in on a device that you no longer have? Sign out everywhere, here too.',
		end: 'Sign out everywhere',
		removal: 'Delete the account',
		removalHint:
			'Your to-do list is deleted. Your orders and invoices stay in the shop’s books, without your name. This cannot be undone.',
		remove: 'Delete my account',
		sure: 'Delete your account?',
		cancel: 'Cancel',
		last: 'You are the shop’s only admin, and it needs one.',
	},
	{
		title: 'Votre compte',
		stranger: 'Connectez-vous pour voir votre compte.',
		signIn: 'Se connecter',
		password: 'Mot de passe',
		passwordHint: 'Vous restez connecté ici, et serez déconnecté partout ailleurs.',
		change: 'Changer le mot de passe',
		changed: 'Votre mot de passe a été changé.',
		sessions: 'Sessions',
		sessionsHint:
			'Une session est restée ouverte sur un appareil que vous n’avez plus ? Déconnectez-vous partout, ici compris.',
		end: 'Se déconnecter partout',
		removal: 'Supprimer le compte',
		removalHint:
			'Votre liste de choses à faire sera supprimée. Vos commandes et vos factures restent dans les livres de la boutique, sans votre nom. Cette action est définitive.',
		remove: 'Supprimer mon compte',
		sure: 'Supprimer votre compte ?',
		cancel: 'Annuler',
		last: 'Vous êtes le seul admin de la boutique, et il lui en faut un.',
	},
);

export default function AccountScreen() {
	const text = useWords();
	const account = useAccount();
	// `useAccount` sends this request; here only its error is read.
	const { error } = useAnswer('GET /api/users/me', undefined, { enabled: false });
	return (
		<Screen title={text.title}>
			{account === null ? (
				<div className="card stack">
					<p>{text.stranger}</p>
					<p>
						<ButtonLink kind="main" href="/sign-in?to=%2Faccount">
							{text.signIn}
						</ButtonLink>
					</p>
				</div>
			) : (
				<Loaded query={{ data: account, error: account ? null : error }}>{(own) => <Own account={own} />}</Loaded>
			)}
		</Screen>
	);
}

function Own({ account: { name, email } }: { readonly account: User }) {
	const text = useWords();
	return (
		<div className="stack account">
			<Holder name={name} email={email} className="card" />
			<section className="card stack">
				<h2>{text.password}</h2>
				<p className="quiet">{text.passwordHint}</p>
				<PasswordForm
					email={email}
					hasNew
					verb={text.change}
					kind="main"
					send={async (body) => void (await ask('PUT /api/users/me/password', { body }))}
					done={text.changed}
				/>
			</section>
			<Sessions />
			<Removal email={email} />
		</div>
	);
}

function Sessions() {
	const text = useWords();
	const [, navigate] = useLocation();
	const ending = useMutation({
		mutationFn: () => ask('DELETE /api/users/me/sessions'),
		onSuccess: () => {
			leave();
			navigate('/');
		},
	});
	return (
		<section className="card stack">
			<h2>{text.sessions}</h2>
			<p className="quiet">{text.sessionsHint}</p>
			<Failure error={ending.error} />
			<p>
				<Button busy={ending.isPending} onClick={() => ending.mutate()}>
					{text.end}
				</Button>
			</p>
		</section>
	);
}

function Removal({ email }: { readonly email: string }) {
	const text = useWords();
	const [, navigate] = useLocation();
	const [open, setOpen] = useState(false);
	return (
		<section className="card stack">
			<h2>{text.removal}</h2>
			<p className="quiet">{text.removalHint}</p>
			<p>
				<Button kind="danger" onClick={() => setOpen(true)}>
					{text.remove}
				</Button>
			</p>
			{open && (
				<Dialog title={text.sure} onClose={() => setOpen(false)}>
					<div className="stack">
						<p>{text.removalHint}</p>
						<PasswordForm
							email={email}
							verb={text.remove}
							kind="danger"
							send={async ({ current_password }) => {
								await ask('DELETE /api/users/me', { body: { current_password } });
							}}
							onSent={() => {
								leave();
								navigate('/');
							}}
							refusals={{ 409: text.last }}
						/>
						<Button onClick={() => setOpen(false)}>{text.cancel}</Button>
					</div>
				</Dialog>
			)}
		</section>
	);
}
