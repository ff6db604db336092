import { Link } from 'wouter';
import type { Order } from '../../functions/orders/api.ts';
import { words } from '../language.ts';
import { Following } from '../orders/following.tsx';
import { isOwn, useRecent } from '../orders/recent.ts';
import { Slip } from '../orders/slip.tsx';
import { useSettledWords } from '../orders/status.tsx';
import { announce } from '../ui/announce.tsx';
import { Loaded } from '../ui/loaded.tsx';

const useWords = words(
	{
		recent: 'Recent orders',
		pending: (count: number) => `${count} pending`,
		settled: 'all processed',
		empty: 'No orders yet. Yours will be the first.',
		all: 'All orders',
	},
	{
		recent: 'Dernières commandes',
		pending: (count: number) => `${count} en attente`,
		settled: 'toutes traitées',
		empty: 'Aucune commande pour l’instant. La vôtre sera la première.',
		all: 'Toutes les commandes',
	},
);

export function Receipt() {
	const text = useWords();
	const settled = useSettledWords();
	const recent = useRecent();
	const pending = recent.data?.filter(({ status }) => status === 'pending').length ?? 0;
	const tell = (order: Order): void => {
		if (isOwn(order)) announce(settled(order));
	};
	return (
		<section className="receipt" aria-labelledby="recent">
			<div className="receipt-roll">
				<div className="heading">
					<h2 id="recent">{text.recent}</h2>
					{recent.data && recent.data.length > 0 && (
						<p className="quiet">{pending ? text.pending(pending) : text.settled}</p>
					)}
				</div>
				<Loaded query={recent} empty={<p className="empty">{text.empty}</p>}>
					{(orders) => (
						<>
							<ol className="order-slips">
								{orders.map((order) => (
									<Slip key={order.id} order={order} />
								))}
							</ol>
							<p className="receipt-end">
								<Link href="/orders">{text.all}</Link>
							</p>
							<Following orders={orders} onSettled={tell} />
						</>
					)}
				</Loaded>
			</div>
		</section>
	);
}
