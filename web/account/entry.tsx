import { useMutation } from '@tanstack/react-query';
import { Link, useLocation, useSearchParams } from 'wouter';
import type { User } from '../../functions/users/api.ts';
import { shop } from '../../shop.ts';
import { useAccount } from '../api/account.ts';
import { Problem } from '../api/problem.ts';
import { signOut } from '../api/session.ts';
import { words } from '../language.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Failure } from '../ui/notice.tsx';
import { Screen } from '../ui/screen.tsx';
import { EntryForm, type Filled } from './entry-form.tsx';
import { Holder } from './holder.tsx';
import { useTooMany } from './too-many.ts';
import { wayBack } from './way-back.ts';

const useWords = words(
	{
		waiting: 'Checking your account…',
		already: 'You are already signed in. To use another account, sign out first.',
		signOut: 'Sign out',
		goOn: 'Continue',
		card: 'Customer card',
		worth: 'Benefits of your card',
		goods: {
			parts: 'You can use what the shop offers only to customers with a card.',
			name: 'The shop knows your name, so you need not enter it.',
			free: 'Everything else in the shop works with or without a card.',
		},
	},
	{
		waiting: 'Vérification de votre compte…',
		already: 'Votre session est déjà ouverte. Pour changer de compte, déconnectez-vous d’abord.',
		signOut: 'Se déconnecter',
		goOn: 'Continuer',
		card: 'Carte client',
		worth: 'À quoi sert la carte',
		goods: {
			parts: 'Vous avez accès à ce que la boutique réserve aux clients munis d’une carte.',
			name: 'La boutique connaît votre nom : inutile de le saisir.',
			free: 'Pour le reste, la boutique sert tout le monde, avec ou sans carte.',
		},
	},
);

interface Props {
	readonly title: string;
	/** Whether the form creates an account. */
	readonly isNew?: boolean;
	readonly enter: (filled: Filled) => Promise<void>;
	/** Messages by the status of the response. */
	readonly refusals: Readonly<Record<number, string>>;
	/** The link to the other form. */
	readonly other: { readonly question: string; readonly path: string; readonly verb: string };
}

/** The sign-in or sign-up screen: the form, or the account that is already signed in. */
export function Entry({ title, refusals, other, ...form }: Props) {
	const text = useWords();
	const account = useAccount();
	const tooMany = useTooMany();
	const [params] = useSearchParams();
	const [, navigate] = useLocation();
	const to = wayBack(params.get('to'));
	return (
		<Screen title={title}>
			<div className="floor entry">
				<div className="card customer-card">
					<p className="customer-card-top" aria-hidden="true">
						<span>{shop.title}</span> {text.card}
					</p>
					{account ? (
						<SignedIn account={account} to={to} />
					) : account === undefined ? (
						<div className="waiting" aria-busy="true">
							<span className="unseen">{text.waiting}</span>
						</div>
					) : (
						<EntryForm
							{...form}
							verb={title}
							// Replace the history entry, so that Back skips the form.
							onEntered={() => navigate(to, { replace: true })}
							explain={(error) => (error instanceof Problem && refusals[error.status]) || tooMany(error)}
						>
							{other.question} <Link href={`${other.path}?to=${encodeURIComponent(to)}`}>{other.verb}</Link>
						</EntryForm>
					)}
				</div>
				<section className="stack">
					<h2>{text.worth}</h2>
					<ul className="card-goods">
						<li>{text.goods.parts}</li>
						<li>{text.goods.name}</li>
						<li>{text.goods.free}</li>
					</ul>
				</section>
			</div>
		</Screen>
	);
}

function SignedIn({ account: { name, email }, to }: { readonly account: User; readonly to: string }) {
	const text = useWords();
	const leaving = useMutation({
		mutationFn: signOut,
		// Move the focus, because the button disappears.
		onSuccess: () => document.querySelector('h1')?.focus(),
	});
	return (
		<div className="stack">
			<Holder name={name} email={email} />
			<p className="quiet">{text.already}</p>
			<Failure error={leaving.error} />
			<div className="row">
				<ButtonLink kind="main" href={to}>
					{text.goOn}
				</ButtonLink>
				<Button busy={leaving.isPending} onClick={() => leaving.mutate()}>
					{text.signOut}
				</Button>
			</div>
		</div>
	);
}
