import { useList } from '../api/query.ts';
import { words } from '../language.ts';
import { Empty } from '../ui/empty.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { More } from '../ui/more.tsx';
import { Screen } from '../ui/screen.tsx';
import { Following } from './following.tsx';
import { Slip } from './slip.tsx';
import { useTitles } from './titles.ts';

const useWords = words(
	{
		title: 'Orders',
		lead: 'All orders, newest first. Pending orders update by themselves.',
		empty: 'No orders yet. Place the first one!',
		books: 'To the books',
	},
	{
		title: 'Commandes',
		lead: 'Toutes les commandes, les plus récentes d’abord. Celles en attente se mettent à jour toutes seules.',
		empty: 'Aucune commande pour l’instant. À vous de passer la première !',
		books: 'Vers les livres',
	},
);

export default function Orders() {
	const text = useWords();
	const orders = useList('GET /api/orders', { query: { limit: 50 } });
	const title = useTitles(orders.data, []);
	return (
		<Screen title={text.title} lead={text.lead}>
			<Loaded query={orders} empty={<Empty text={text.empty} href="/" there={text.books} />}>
				{(rows) => (
					<div className="receipt">
						<div className="receipt-roll">
							<ol className="order-slips">
								{rows.map((order) => (
									<Slip key={order.id} order={order} title={title(order.book_id)} />
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
		</Screen>
	);
}
