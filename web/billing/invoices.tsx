import { useAccount } from '../api/account.ts';
import { words } from '../language.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Screen } from '../ui/screen.tsx';
import { MyInvoices } from './my-invoices.tsx';

const useWords = words(
	{
		title: 'Invoices',
		lead: 'One invoice for each order you place while signed in, as soon as its copies are reserved.',
		waiting: 'Checking your account…',
		stranger: 'Sign in to see your invoices.',
		signIn: 'Sign in',
	},
	{
		title: 'Factures',
		lead: 'Une facture par commande passée en étant connecté, dès que les exemplaires sont réservés.',
		waiting: 'Vérification de votre compte…',
		stranger: 'Connectez-vous pour voir vos factures.',
		signIn: 'Se connecter',
	},
);

export default function Invoices() {
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
						<ButtonLink kind="main" href="/sign-in?to=/invoices">
							{text.signIn}
						</ButtonLink>
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
