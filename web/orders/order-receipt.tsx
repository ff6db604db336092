import type { ReactNode } from 'react';
import type { Order } from '../../functions/orders/api.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Status } from './status.tsx';

const useWords = words(
	{
		label: 'Receipt',
		copies: 'Copies',
		unitPrice: 'Unit price',
		sum: 'Total',
		customer: 'For',
		placed: 'Placed',
		reason: 'Why it was rejected:',
		bye: {
			completed: 'Thank you, and come again.',
			rejected: 'You owe nothing.',
		},
	},
	{
		label: 'Reçu',
		copies: 'Exemplaires',
		unitPrice: 'Prix unitaire',
		sum: 'Total',
		customer: 'Pour',
		placed: 'Passée',
		reason: 'Motif du refus :',
		bye: { completed: 'Merci, et à bientôt.', rejected: 'Vous ne devez rien.' },
	},
);

interface Props {
	readonly order: Order;
	readonly title: string;
	/** What the order waits for, while it is pending. */
	readonly waiting: ReactNode;
}

export function OrderReceipt({ order, title, waiting }: Props) {
	const text = useWords();
	const format = useFormat();
	const { quantity, unit_price, customer_name, reason, created_at, status } = order;
	const lines: readonly (readonly [string, ReactNode])[] = [
		[text.customer, customer_name],
		[
			text.placed,
			<time key="time" dateTime={created_at}>
				{format.moment(created_at)}
			</time>,
		],
		[text.copies, format.number(quantity)],
		[text.unitPrice, format.money(unit_price)],
	];
	return (
		<section className="receipt" aria-label={text.label}>
			<div className="receipt-roll">
				<p className="order-shop" aria-hidden="true">
					Bodega
				</p>
				<p className="order-what">{title}</p>
				<dl className="order-lines">
					{lines.map(([term, value]) => (
						<div key={term}>
							<dt>{term}</dt>
							<dd>{value}</dd>
						</div>
					))}
					<div className="order-sum">
						<dt>{text.sum}</dt>
						<dd>{format.money(unit_price, quantity)}</dd>
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
			</div>
		</section>
	);
}
