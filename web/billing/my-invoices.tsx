import { useList } from '../api/query.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Empty } from '../ui/empty.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { More } from '../ui/more.tsx';
import { InvoiceSlip } from './invoice-slip.tsx';
import { sumOf } from './sum.ts';

const useWords = words(
	{
		sum: (count: number, sum: string) => `${count === 1 ? '1 invoice' : `${count} invoices`}, ${sum} in all`,
		first: (count: number) => `The latest ${count} invoices`,
		empty: 'No invoices yet. Order a book while signed in and its invoice appears here.',
		books: 'To the books',
	},
	{
		sum: (count: number, sum: string) => `${count} facture${count > 1 ? 's' : ''}, ${sum} en tout`,
		first: (count: number) => `Les ${count} dernières factures`,
		empty: 'Aucune facture pour l’instant. Commandez un livre en étant connecté, et sa facture arrivera ici.',
		books: 'Vers les livres',
	},
);

export function MyInvoices() {
	const text = useWords();
	const format = useFormat();
	const list = useList('GET /api/billing/mine', { query: { limit: 50 } });
	return (
		<Loaded query={list} empty={<Empty text={text.empty} href="/" there={text.books} />}>
			{(invoices) => (
				<>
					<p role="status">
						{list.hasNextPage
							? text.first(invoices.length)
							: text.sum(invoices.length, format.money(sumOf(invoices.map(({ total_amount }) => total_amount))))}
					</p>
					<ul className="invoices">
						{invoices.map((invoice) => (
							<InvoiceSlip key={invoice.id} invoice={invoice} />
						))}
					</ul>
					<div>
						<More list={list} />
					</div>
				</>
			)}
		</Loaded>
	);
}
