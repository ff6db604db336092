import type { Movie } from '../../functions/movies/api.ts';
import { Catalog } from '../admin/catalog/catalog.tsx';
import type { Field } from '../admin/catalog/fields.tsx';
import type { Column } from '../admin/catalog/sheet.tsx';
import { ask, askVersion } from '../api/ask.ts';
import { refresh, useList } from '../api/query.ts';
import { words } from '../language.ts';
import { Time } from '../time.tsx';
import { AdminScreen } from '../ui/admin-only.tsx';
import { useSearched } from '../ui/search.tsx';

const useWords = words(
	{
		label: 'Movies',
		lead: 'All movies on the programme.',
		search: 'Title',
		add: 'Add a movie',
		title: 'Title',
		description: 'Description',
		since: 'Added',
	},
	{
		label: 'Films',
		lead: 'Tous les films au programme.',
		search: 'Titre',
		add: 'Ajouter un film',
		title: 'Titre',
		description: 'Description',
		since: 'Ajouté',
	},
);

export default function AdminMovies() {
	const text = useWords();
	return (
		<AdminScreen title={text.label} lead={text.lead}>
			<MovieCatalog />
		</AdminScreen>
	);
}

function MovieCatalog() {
	const text = useWords();
	const [title] = useSearched();
	const columns: Column<Movie>[] = [
		{ key: 'title', heading: text.title, kind: 'text', cell: (movie) => movie.title },
		{ key: 'description', heading: text.description, kind: 'text', cell: ({ description }) => description },
		{ key: 'since', heading: text.since, cell: ({ created_at }) => <Time at={created_at} /> },
	];
	const fields: Field<'title' | 'description'>[] = [
		{ name: 'title', label: text.title },
		{ name: 'description', label: text.description, long: true },
	];
	return (
		<Catalog
			label={text.label}
			searchLabel={text.search}
			addLabel={text.add}
			list={useList('GET /api/movies', { query: { title } })}
			columns={columns}
			fields={fields}
			blank={{ title: '', description: '' }}
			filledOf={({ title, description }) => ({ title, description })}
			read={(id) => askVersion('GET /api/movies/:id', { params: { id } })}
			add={(body) => ask('POST /api/movies', { body })}
			replace={(id, body, version) =>
				ask('PUT /api/movies/:id', { params: { id }, body, headers: { 'if-match': version } })
			}
			remove={(id) => ask('DELETE /api/movies/:id', { params: { id } })}
			onChange={() => refresh('GET /api/movies')}
		/>
	);
}
