import { useId } from 'react';
import { Link } from 'wouter';
import type { Invoice } from '../../functions/billing/api.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Time } from '../time.tsx';

const useWords = words(
	{
		invoice: 'Invoice',
		invoiceFor: 'Invoice for',
		order: (id: number) => `order ${id}`,
		books: 'Books',
		book: (id: number) => `Book ${id}`,
		items: 'Items',
		total: 'Total',
		number: 'Number',
	},
	{
		invoice: 'Facture',
		invoiceFor: 'Facture de la',
		order: (id: number) => `commande ${id}`,
		books: 'Livres',
		book: (id: number) => `Livre ${id}`,
		items: 'Articles',
		total: 'Total',
		number: 'Numéro',
	},
);

export function InvoiceSlip({ invoice }: { readonly invoice: Invoice }) {
	const text = useWords();
	const format = useFormat();
	const heading = useId();
	const { id, order_id, lines, number_of_items, total_amount, customer_name, created_at } = invoice;
	return (
		<li>
			<article className="card invoice" aria-labelledby={heading}>
				<div className="heading">
					<h2 id={heading}>
						{order_id === null ? (
							text.invoice
						) : (
							<>
								{text.invoiceFor} <Link href={`/orders/${order_id}`}>{text.order(order_id)}</Link>
							</>
						)}
					</h2>
					<Time className="quiet" at={created_at} />
				</div>
				{customer_name !== null && <p className="invoice-whom">{customer_name}</p>}
				{lines.length > 0 && (
					<ul className="order-items" aria-label={text.books}>
						{lines.map(({ book_id, title, quantity, unit_price }) => (
							<li key={book_id}>
								<span className="order-item-title">{title ?? text.book(book_id)}</span>
								<span>
									{format.number(quantity)} × {format.money(unit_price)}
								</span>
								<span>{format.money(unit_price, quantity)}</span>
							</li>
						))}
					</ul>
				)}
				<dl className="order-lines">
					<div>
						<dt>{text.items}</dt>
						<dd>{format.number(number_of_items)}</dd>
					</div>
					<div className="order-sum">
						<dt>{text.total}</dt>
						<dd>{format.money(total_amount)}</dd>
					</div>
				</dl>
				<p className="invoice-number quiet">
					{text.number} {id}
				</p>
			</article>
		</li>
	);
}
