import { useMutation } from '@tanstack/react-query';
import { askFile } from '../../api/ask.ts';
import { words } from '../../language.ts';
import { announce } from '../../ui/announce.tsx';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';
import { saveFile } from './save-file.ts';
import type { View } from './view.ts';

const useWords = words(
	{ csv: 'Download as CSV', busy: 'Downloading…', done: 'CSV downloaded.' },
	{ csv: 'Télécharger en CSV', busy: 'Téléchargement…', done: 'CSV téléchargé.' },
);

/** Downloads all rows that match the filters, in the same order, as a file. */
export function Export({ table, view: { sort, filter } }: { readonly table: string; readonly view: View }) {
	const text = useWords();
	const fetching = useMutation({
		mutationFn: () =>
			askFile('GET /api/data/tables/:table', 'text/csv', { params: { table }, query: { sort, filter } }),
		onSuccess: (content) => {
			saveFile(`${table}.csv`, content);
			announce(text.done);
		},
	});
	return (
		<div className="row">
			<Failure error={fetching.error} />
			<Button busy={fetching.isPending} onClick={() => fetching.mutate()}>
				{fetching.isPending ? text.busy : text.csv}
			</Button>
		</div>
	);
}
