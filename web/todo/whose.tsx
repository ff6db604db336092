import { Link, useSearch } from 'wouter';
import { useAccount } from '../api/account.ts';
import { words } from '../language.ts';

const useWords = words(
	{
		list: 'The list',
		waiting: 'Seeing whose list it is…',
		shared: 'The list that the world shares',
		everyone: 'Whoever comes by reads and changes it.',
		own: 'Sign in for one of your own',
		of: (name: string) => `${name}’s list`,
		nobody: 'Nobody else sees it.',
	},
	{
		list: 'La liste',
		waiting: 'À qui est cette liste ?',
		shared: 'La liste que tout le monde partage',
		everyone: 'Quiconque passe la lit et la change.',
		own: 'Connectez-vous pour avoir la vôtre',
		of: (name: string) => `La liste de ${name}`,
		nobody: 'Personne d’autre ne la voit.',
	},
);

/** Whose list it is: one's own when one is signed in, else everybody's. */
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
