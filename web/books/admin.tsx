import type { Book } from '../../functions/books/api.ts';
import { Catalog } from '../admin/catalog/catalog.tsx';
import type { Field } from '../admin/catalog/fields.tsx';
import type { Column } from '../admin/catalog/sheet.tsx';
import type { Filled } from '../admin/merge.ts';
import { ask, askVersion } from '../api/ask.ts';
import { refresh, useList } from '../api/query.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Time } from '../time.tsx';
import { AdminScreen } from '../ui/admin-only.tsx';
import { useSearched } from '../ui/search.tsx';

const useWords = words(
	{
		label: 'Books',
		lead: 'All books in the shop, with their prices and stock.',
		search: 'Title or author',
		add: 'Add a book',
		title: 'Title',
		author: 'Author',
		price: 'Price',
		stock: 'Stock',
		since: 'Added',
		priceHint: 'In dollars, for example 39.99.',
		stockHint: 'Number of copies.',
	},
	{
		label: 'Livres',
		lead: 'Tous les livres de la boutique, avec leur prix et leur stock.',
		search: 'Titre ou auteur',
		add: 'Ajouter un livre',
		title: 'Titre',
		author: 'Auteur',
		price: 'Prix',
		stock: 'Stock',
		since: 'Ajouté',
		priceHint: 'En dollars, par exemple 39,99.',
		stockHint: 'Nombre d’exemplaires.',
	},
);

type Name = 'title' | 'author' | 'price' | 'stock';

/** A decimal comma becomes a point. A stock that is not a number becomes null in JSON, which the shop rejects. */
const bookOf = ({ title, author, price, stock }: Filled<Name>) => ({
	title,
	author,
	price: price.replace(',', '.'),
	stock: Number.parseFloat(stock),
});

export default function AdminBooks() {
	const text = useWords();
	return (
		<AdminScreen title={text.label} lead={text.lead}>
			<BookCatalog />
		</AdminScreen>
	);
}

function BookCatalog() {
	const text = useWords();
	const { money, number } = useFormat();
	const [search] = useSearched();
	const columns: Column<Book>[] = [
		{ key: 'title', heading: text.title, kind: 'text', cell: ({ title }) => title },
		{ key: 'author', heading: text.author, kind: 'text', cell: ({ author }) => author },
		{ key: 'price', heading: text.price, kind: 'number', cell: ({ price }) => money(price) },
		{ key: 'stock', heading: text.stock, kind: 'number', cell: ({ stock }) => number(stock) },
		{ key: 'since', heading: text.since, cell: ({ created_at }) => <Time at={created_at} /> },
	];
	const fields: Field<Name>[] = [
		{ name: 'title', label: text.title },
		{ name: 'author', label: text.author },
		{ name: 'price', label: text.price, hint: text.priceHint, input: { inputMode: 'decimal' } },
		{ name: 'stock', label: text.stock, hint: text.stockHint, input: { type: 'number', min: 0 } },
	];
	return (
		<Catalog
			label={text.label}
			searchLabel={text.search}
			addLabel={text.add}
			list={useList('GET /api/books', { query: { search } })}
			columns={columns}
			fields={fields}
			blank={{ title: '', author: '', price: '', stock: '10' }}
			filledOf={({ title, author, price, stock }) => ({ title, author, price, stock: String(stock) })}
			read={(id) => askVersion('GET /api/books/:id', { params: { id } })}
			add={(filled) => ask('POST /api/books', { body: bookOf(filled) })}
			replace={(id, filled, version) =>
				ask('PUT /api/books/:id', { params: { id }, body: bookOf(filled), headers: { 'if-match': version } })
			}
			remove={(id) => ask('DELETE /api/books/:id', { params: { id } })}
			onChange={() => refresh('GET /api/books')}
		/>
	);
}
