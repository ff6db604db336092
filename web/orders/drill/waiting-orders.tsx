import { useEffect } from 'react';
import { Link } from 'wouter';
import { refresh, useAnswer } from '../../api/query.ts';
import { words } from '../../language.ts';
import { Failure } from '../../ui/notice.tsx';
import { kinds } from '../status.tsx';
import type { WaitingOrder } from './waited.ts';

const useWords = words(
	{
		label: 'Orders',
		order: (id: number) => `Order ${id}`,
		pending: 'pending',
		completed: 'completed',
		rejected: 'rejected',
		cancelled: 'cancelled',
		invoices: (count: number) => (count === 1 ? 'exactly one invoice' : `${count} invoices`),
	},
	{
		label: 'Commandes',
		order: (id: number) => `Commande ${id}`,
		pending: 'en attente',
		completed: 'terminée',
		rejected: 'refusée',
		cancelled: 'annulée',
		invoices: (count: number) => (count === 1 ? 'une facture, une seule' : `${count} factures`),
	},
);

export function WaitingOrders({ orders }: { readonly orders: readonly WaitingOrder[] }) {
	const text = useWords();
	const handled = orders
		.flatMap(({ events }) => events.flatMap(({ deliveries }) => deliveries))
		.filter(({ status }) => status === 'handled').length;
	// An order changes only with its events, so refetch it when one is handled instead of polling.
	// biome-ignore lint/correctness/useExhaustiveDependencies: it runs each time another event is handled
	useEffect(() => refresh('GET /api/orders/:id', 'GET /api/billing'), [handled]);
	return (
		<ul className="drill-orders" aria-label={text.label}>
			{orders.map(({ id }) => (
				<OrderLine key={id} id={id} />
			))}
		</ul>
	);
}

function OrderLine({ id }: { readonly id: number }) {
	const text = useWords();
	const { data: order, error } = useAnswer('GET /api/orders/:id', { params: { id } });
	const settled = order !== undefined && order.status !== 'pending';
	const { data: invoices } = useAnswer('GET /api/billing', { query: { order_id: id } }, { enabled: settled });
	return (
		<li className="row">
			<Link href={`/orders/${id}`}>{text.order(id)}</Link>
			{order && (
				<span className="stamp" data-kind={kinds[order.status]}>
					{text[order.status]}
				</span>
			)}
			{settled && invoices && <span className="small">{text.invoices(invoices.length)}</span>}
			<Failure error={error} />
		</li>
	);
}
