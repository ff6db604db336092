import { Link } from 'wouter';
import { useAccount } from '../api/account.ts';
import { words } from '../language.ts';
import { Screen } from '../ui/screen.tsx';
import { MyInvoices } from './my-invoices.tsx';

const useWords = words(
	{
		title: 'Invoices',
		lead: 'What billing has made out to you: one invoice for each order that you placed signed in, as soon as its copies are yours.',
		waiting: 'Seeing who you are…',
		stranger: 'Invoices are for those whom the shop knows. Sign in, and yours are here.',
		signIn: 'Sign in',
	},
	{
		title: 'Factures',
		lead: 'Ce que la facturation a établi à votre nom : une facture par commande passée en étant connecté, dès que les exemplaires sont à vous.',
		waiting: 'Vérification de votre compte…',
		stranger:
			'Les factures sont pour celles et ceux que la boutique connaît. Connectez-vous pour trouver ici celles de votre compte.',
		signIn: 'Se connecter',
	},
);

/** One's own invoices; a stranger is asked to sign in. */
export function Invoices() {
	const text = useWords();
	const account = useAccount();
	return (
		<Screen title={text.title} lead={text.lead}>
			{account ? (
				<MyInvoices />
			) : account === null ? (
				<div className="card stack">
					<p>{text.stranger}</p>
					<p>
						<Link className="button" data-kind="main" href="/sign-in?to=/invoices">
							{text.signIn}
						</Link>
					</p>
				</div>
			) : (
				<div className="waiting" aria-busy="true">
					<span className="unseen">{text.waiting}</span>
				</div>
			)}
		</Screen>
	);
}
