import { Link } from 'wouter';
import { words } from '../language.ts';
import { Notice } from '../ui/notice.tsx';

const useWords = words(
	{
		refused: 'Can’t show these rows: the filter, the sort or the page does not fit this table.',
		plain: 'Show the whole table',
	},
	{
		refused: 'Impossible d’afficher ces lignes : le filtre, le tri ou la page ne convient pas à cette table.',
		plain: 'Afficher toute la table',
	},
);

/** Reports that the view does not fit its table, with a link to the table without filters. */
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
