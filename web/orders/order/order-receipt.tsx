import type { ReactNode } from 'react';
import type { Order } from '../../../functions/orders/api.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { Time } from '../../time.tsx';
import { Status } from '../status.tsx';
import { useTitles } from '../titles.ts';
import { Cancel } from './cancel.tsx';

const useWords = words(
	{
		label: 'Receipt',
		books: 'Books',
		sum: 'Total',
		customer: 'For',
		placed: 'Placed',
		cancelled: 'Cancelled',
		reason: 'Why it was rejected:',
		bye: {
			completed: 'Thank you, and come again.',
			rejected: 'You owe nothing.',
			cancelled: 'You owe nothing.',
		},
	},
	{
		label: 'Reçu',
		books: 'Livres',
		sum: 'Total',
		customer: 'Pour',
		placed: 'Passée',
		cancelled: 'Annulée',
		reason: 'Motif du refus :',
		bye: { completed: 'Merci, et à bientôt.', rejected: 'Vous ne devez rien.', cancelled: 'Vous ne devez rien.' },
	},
);

interface Props {
	readonly order: Order;
	/** What the order waits for, while it is pending. */
	readonly waiting: ReactNode;
}

export function OrderReceipt({ order, waiting }: Props) {
	const text = useWords();
	const titles = useTitles();
	const format = useFormat();
	const { lines, total_amount, customer_name, reason, created_at, settled_at, status } = order;
	const facts: readonly (readonly [string, ReactNode])[] = [
		[text.customer, customer_name],
		[text.placed, <Time key="placed" at={created_at} />],
		...(status === 'cancelled' && settled_at !== null
			? [[text.cancelled, <Time key="cancelled" at={settled_at} />] as const]
			: []),
	];
	return (
		<section className="receipt" aria-label={text.label}>
			<div className="receipt-roll">
				<p className="order-shop" aria-hidden="true">
					Bodega
				</p>
				<ul className="order-items" aria-label={text.books}>
					{lines.map((line) => (
						<li key={line.book_id}>
							<span className="order-item-title">{titles.of(line)}</span>
							<span>
								{format.number(line.quantity)} × {format.money(line.unit_price)}
							</span>
							<span>{format.money(line.unit_price, line.quantity)}</span>
						</li>
					))}
				</ul>
				<dl className="order-lines">
					{facts.map(([term, value]) => (
						<div key={term}>
							<dt>{term}</dt>
							<dd>{value}</dd>
						</div>
					))}
					<div className="order-sum">
						<dt>{text.sum}</dt>
						<dd>{format.money(total_amount)}</dd>
					</div>
				</dl>
				<p className="order-stamp">
					<Status order={order} />
				</p>
				{reason !== null && (
					<p className="order-slip-reason">
						{text.reason} <span lang="en">{reason}</span>
					</p>
				)}
				{status === 'pending' ? waiting : <p className="order-bye">{text.bye[status]}</p>}
				<Cancel order={order} />
			</div>
		</section>
	);
}
