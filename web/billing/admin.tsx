import { Link } from 'wouter';
import type { Invoice } from '../../functions/billing/api.ts';
import { type Column, Sheet } from '../admin/catalog/sheet.tsx';
import { useList } from '../api/query.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Time } from '../time.tsx';
import { AdminScreen } from '../ui/admin-only.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { More } from '../ui/more.tsx';
import { Search, useSearched } from '../ui/search.tsx';
import { InvoiceRequest } from './invoice-request.tsx';

const useWords = words(
	{
		title: 'Billing',
		lead: 'All invoices that the shop has issued, newest first.',
		label: 'Invoices',
		search: 'Order number',
		order: 'Order',
		one: (id: number) => `No. ${id}`,
		without: 'none',
		customer: 'Customer',
		user: (id: number) => `user ${id}`,
		items: 'Items',
		total: 'Total',
		issued: 'Issued',
		invoice: 'Invoice',
		none: 'No invoice has been issued yet.',
		noneOf: 'This order has no invoice.',
	},
	{
		title: 'Facturation',
		lead: 'Toutes les factures émises par la boutique, la plus récente d’abord.',
		label: 'Factures',
		search: 'Numéro de la commande',
		order: 'Commande',
		one: (id: number) => `Nº ${id}`,
		without: 'aucune',
		customer: 'Client',
		user: (id: number) => `client ${id}`,
		items: 'Articles',
		total: 'Total',
		issued: 'Émise',
		invoice: 'Facture',
		none: 'Aucune facture n’a encore été émise.',
		noneOf: 'Cette commande n’a pas de facture.',
	},
);

export default function AdminBilling() {
	const text = useWords();
	return (
		<AdminScreen title={text.title} lead={text.lead}>
			<div className="billing">
				<InvoiceRequest />
				<Invoices />
			</div>
		</AdminScreen>
	);
}

function Invoices() {
	const text = useWords();
	const { money, number } = useFormat();
	const [order_id] = useSearched('order');
	const list = useList('GET /api/billing', { query: { order_id } });
	const columns: Column<Invoice>[] = [
		{
			key: 'order',
			heading: text.order,
			cell: (invoice) =>
				invoice.order_id === null ? (
					<span className="quiet">{text.without}</span>
				) : (
					<Link href={`/orders/${invoice.order_id}`}>{text.one(invoice.order_id)}</Link>
				),
		},
		{
			key: 'customer',
			heading: text.customer,
			kind: 'text',
			cell: ({ customer_name, user_id }) => customer_name ?? (user_id === null ? '' : text.user(user_id)),
		},
		{
			key: 'items',
			heading: text.items,
			kind: 'number',
			cell: ({ number_of_items }) => number(number_of_items),
		},
		{ key: 'total', heading: text.total, kind: 'number', cell: ({ total_amount }) => money(total_amount) },
		{ key: 'issued', heading: text.issued, cell: ({ created_at }) => <Time at={created_at} /> },
		{ key: 'invoice', heading: text.invoice, cell: ({ id }) => <code>{id}</code> },
	];
	return (
		<section className="stack">
			<h2>{text.label}</h2>
			<Search label={text.search} name="order" />
			<Loaded query={list} empty={<p className="empty">{order_id ? text.noneOf : text.none}</p>}>
				{(rows) => <Sheet label={text.label} columns={columns} rows={rows} keyOf={({ id }) => id} />}
			</Loaded>
			<More list={list} />
		</section>
	);
}
