import { useList } from '../api/query.ts';
import { words } from '../language.ts';
import { Empty } from '../ui/empty.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { More } from '../ui/more.tsx';
import { Following } from './following.tsx';
import { Slip } from './slip.tsx';

const useWords = words(
	{
		empty: 'No orders yet. Place the first one!',
		noneOfMine: 'No orders of yours yet. Order a book while signed in and it appears here.',
		books: 'To the books',
	},
	{
		empty: 'Aucune commande pour l’instant. À vous de passer la première !',
		noneOfMine:
			'Aucune commande à votre nom pour l’instant. Commandez un livre en étant connecté, et il apparaîtra ici.',
		books: 'Vers les livres',
	},
);

/** The caller's own orders, or all that they can see. */
export function OrderList({ mine }: { readonly mine: boolean }) {
	const text = useWords();
	const orders = useList(mine ? 'GET /api/orders/mine' : 'GET /api/orders', { query: { limit: 50 } });
	return (
		<>
			<Loaded query={orders} empty={<Empty text={mine ? text.noneOfMine : text.empty} href="/" there={text.books} />}>
				{(rows) => (
					<div className="receipt">
						<div className="receipt-roll">
							<ol className="order-slips">
								{rows.map((order) => (
									<Slip key={order.id} order={order} />
								))}
							</ol>
							<Following orders={rows} />
						</div>
					</div>
				)}
			</Loaded>
			<div>
				<More list={orders} />
			</div>
		</>
	);
}
