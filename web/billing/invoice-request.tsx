import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Field, Fields } from '../admin/catalog/fields.tsx';
import { ask } from '../api/ask.ts';
import { refresh } from '../api/query.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/notice.tsx';
import { untilIssued } from './until-issued.ts';

const useWords = words(
	{
		title: 'Request an invoice',
		user: 'User number',
		items: 'Items',
		total: 'Total',
		totalHint: 'For example 180.00.',
		ask: 'Request',
		invoice: 'Invoice',
		requested: 'requested',
		issued: 'issued',
		waiting: 'Billing issues it when it receives the event.',
		amount: (money: string) => `Amount: ${money}`,
		late: 'Billing has not issued it yet. Your request is saved, so the invoice will follow.',
		again: 'Check again',
	},
	{
		title: 'Demander une facture',
		user: 'Numéro du client',
		items: 'Articles',
		total: 'Total',
		totalHint: 'Par exemple 180,00.',
		ask: 'Demander',
		invoice: 'Facture',
		requested: 'demandée',
		issued: 'émise',
		waiting: 'La facturation l’émet dès qu’elle reçoit l’événement.',
		amount: (money: string) => `Montant : ${money}`,
		late: 'La facturation ne l’a pas encore émise. Votre demande est enregistrée : la facture suivra.',
		again: 'Vérifier à nouveau',
	},
);

type Name = 'user_id' | 'number_of_items' | 'total_amount';

/** Requests an invoice without an order, and shows when it is issued. */
export function InvoiceRequest() {
	const text = useWords();
	const [asked, setAsked] = useState<string>();
	const fields: Field<Name>[] = [
		{ name: 'user_id', label: text.user, input: { inputMode: 'numeric' } },
		{ name: 'number_of_items', label: text.items, input: { inputMode: 'numeric' } },
		{ name: 'total_amount', label: text.total, hint: text.totalHint, input: { inputMode: 'decimal' } },
	];
	return (
		<section className="card stack" aria-labelledby="invoice-request">
			<h2 id="invoice-request">{text.title}</h2>
			<Fields
				fields={fields}
				began={{ user_id: '', number_of_items: '', total_amount: '' }}
				verb={text.ask}
				save={({ total_amount, ...rest }) =>
					ask('POST /api/billing', { body: { ...rest, total_amount: total_amount.replace(',', '.') } })
				}
				onSaved={({ id }) => setAsked(id)}
			/>
			<div role="status">{asked && <Issuing key={asked} id={asked} />}</div>
		</section>
	);
}

function Issuing({ id }: { readonly id: string }) {
	const text = useWords();
	const { money } = useFormat();
	const { data, error, isFetching, refetch } = useQuery({
		queryKey: ['issuing', id],
		queryFn: ({ signal }) => untilIssued(id, signal),
		staleTime: Number.POSITIVE_INFINITY,
	});
	useEffect(() => {
		if (data) refresh('GET /api/billing');
	}, [data]);
	return (
		<div className="stack">
			<p className="row">
				{text.invoice} <code className="invoice-id">{id}</code>
				<span className="stamp" data-kind={data ? 'good' : 'wait'}>
					{data ? text.issued : text.requested}
				</span>
			</p>
			<p className="quiet small">
				{data ? text.amount(money(data.total_amount)) : isFetching ? text.waiting : text.late}
			</p>
			<Failure error={error} />
			{!data && !isFetching && (
				<p>
					<Button onClick={() => void refetch()}>{text.again}</Button>
				</p>
			)}
		</div>
	);
}
