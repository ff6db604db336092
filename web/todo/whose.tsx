import { Link, useSearch } from 'wouter';
import { useAccount } from '../api/account.ts';
import { words } from '../language.ts';

const useWords = words(
	{
		list: 'The list',
		waiting: 'Checking your account…',
		shared: 'The shared list',
		everyone: 'Everyone can read and change it.',
		own: 'Sign in for your own list',
		of: (name: string) => `${name}’s list`,
		nobody: 'Nobody else sees it.',
	},
	{
		list: 'La liste',
		waiting: 'Vérification de votre compte…',
		shared: 'La liste partagée',
		everyone: 'Tout le monde peut la lire et la modifier.',
		own: 'Connectez-vous pour avoir la vôtre',
		of: (name: string) => `La liste de ${name}`,
		nobody: 'Personne d’autre ne la voit.',
	},
);

export function Whose({ id }: { readonly id: string }) {
	const text = useWords();
	const account = useAccount();
	const search = useSearch();
	const here = search ? `/todo?${search}` : '/todo';
	return (
		<div className="todo-whose">
			<h2 id={id}>{account ? text.of(account.name) : account === null ? text.shared : text.list}</h2>
			<p className="small">
				{account ? (
					text.nobody
				) : account === null ? (
					<>
						{text.everyone} <Link href={`/sign-in?to=${encodeURIComponent(here)}`}>{text.own}</Link>
					</>
				) : (
					<span aria-busy="true">{text.waiting}</span>
				)}
			</p>
		</div>
	);
}
