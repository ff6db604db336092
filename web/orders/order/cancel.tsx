import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Order } from '../../../functions/orders/api.ts';
import { isAdmin, useAccount } from '../../api/account.ts';
import { ask } from '../../api/ask.ts';
import { Problem } from '../../api/problem.ts';
import { queries, refresh } from '../../api/query.ts';
import { words } from '../../language.ts';
import { announce } from '../../ui/announce.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/notice.tsx';
import { useSettledWords } from '../status.tsx';

const useWords = words(
	{
		cancel: 'Cancel the order',
		sure: (id: number) => `Cancel order ${id}?`,
		effect: 'The books go back on the shelf, and you owe nothing. This cannot be undone.',
		keep: 'Keep the order',
	},
	{
		cancel: 'Annuler la commande',
		sure: (id: number) => `Annuler la commande ${id} ?`,
		effect: 'Les livres retournent en rayon et vous ne devez rien. C’est définitif.',
		keep: 'Garder la commande',
	},
);

/** Cancels a pending order, after a confirmation. Shown to its customer and to admins. */
export function Cancel({ order }: { readonly order: Order }) {
	const text = useWords();
	const settled = useSettledWords();
	const admin = isAdmin(useAccount());
	const [asked, setAsked] = useState(false);
	const { id } = order;
	const cancelling = useMutation({
		mutationFn: () => ask('DELETE /api/orders/:id', { params: { id } }),
		onSuccess: (cancelled) => {
			queries.setQueryData(['GET /api/orders/:id', { params: { id: String(id) } }], cancelled);
			announce(settled(cancelled));
			refresh('GET /api/orders', 'GET /api/orders/mine', 'GET /api/events');
		},
		onError: (error) => {
			// The order was settled first.
			if (error instanceof Problem && error.status === 409) refresh('GET /api/orders/:id');
		},
		onSettled: () => setAsked(false),
	});
	// The dialog gives the focus back to the cancel button, which is gone by then.
	useEffect(() => {
		if (cancelling.isSuccess) document.querySelector<HTMLElement>('h1')?.focus();
	}, [cancelling.isSuccess]);
	const isOffered = order.status === 'pending' && (order.private || admin);
	return (
		<>
			<Failure error={cancelling.error} />
			{isOffered && (
				<p className="order-cancel">
					<Button kind="danger" onClick={() => setAsked(true)}>
						{text.cancel}
					</Button>
				</p>
			)}
			{isOffered && asked && (
				<Confirm
					title={text.sure(id)}
					verb={text.cancel}
					keep={text.keep}
					busy={cancelling.isPending}
					onConfirm={() => cancelling.mutate()}
					onClose={() => setAsked(false)}
				>
					<p>{text.effect}</p>
				</Confirm>
			)}
		</>
	);
}
