import { Link } from 'wouter';
import { words } from '../language.ts';
import { Notice } from '../ui/notice.tsx';

const useWords = words(
	{
		refused: 'The rows cannot be had like this: the filter, the order or the page does not fit the table.',
		plain: 'Show the table as it is',
	},
	{
		refused: 'Impossible d’obtenir ces lignes : le filtre, le tri ou la page ne convient pas à la table.',
		plain: 'Afficher la table telle quelle',
	},
);

/** That rows were asked for in a way that does not fit their table, and a way that does. */
export function Refused({ detail }: { readonly detail: string }) {
	const text = useWords();
	return (
		<Notice>
			<p>
				{text.refused} <Link href="?">{text.plain}</Link>
			</p>
			<p lang="en">{detail}</p>
		</Notice>
	);
}
