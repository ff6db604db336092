import type { Order } from '../../functions/orders/api.ts';
import { words } from '../language.ts';
import { useTitles } from './titles.ts';

const useWords = words(
	{
		status: { pending: 'pending', completed: 'completed', rejected: 'rejected', cancelled: 'cancelled' },
		order: (id: number, title: string, status: string) => `Order ${id}, ${title}, is ${status}.`,
	},
	{
		status: { pending: 'en attente', completed: 'confirmée', rejected: 'refusée', cancelled: 'annulée' },
		order: (id: number, title: string, status: string) => `Commande ${id}, ${title} : ${status}.`,
	},
);

export const kinds = { pending: 'wait', completed: 'good', rejected: 'bad', cancelled: 'quiet' } as const;

export function Status({ order: { status } }: { readonly order: Order }) {
	const text = useWords();
	return (
		<strong className="stamp" data-kind={kinds[status]}>
			{text.status[status]}
		</strong>
	);
}

/** Returns a function that describes a settled order for screen readers. */
export function useSettledWords(): (order: Order) => string {
	const text = useWords();
	const titles = useTitles();
	return (order) => {
		const { id, status, reason } = order;
		return [text.order(id, titles.all(order), text.status[status]), ...(reason === null ? [] : [reason])].join(' ');
	};
}
