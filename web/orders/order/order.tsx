import { Link, useParams } from 'wouter';
import type { Order } from '../../../functions/orders/api.ts';
import { Problem } from '../../api/problem.ts';
import { refresh, useAnswer } from '../../api/query.ts';
import { words } from '../../language.ts';
import { announce } from '../../ui/announce.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Following } from '../following.tsx';
import { useSettledWords } from '../status.tsx';
import { useWay } from './followed-way.ts';
import { OrderReceipt } from './order-receipt.tsx';
import { OrderWay } from './order-way.tsx';
import { stepOf } from './step.ts';
import { Waiting } from './waiting.tsx';

const useWords = words(
	{
		title: (id: string) => `Order ${id}`,
		unknown: 'There is no such order.',
		all: 'All orders',
	},
	{
		title: (id: string) => `Commande ${id}`,
		unknown: 'Cette commande n’existe pas.',
		all: 'Toutes les commandes',
	},
);

export default function OrderScreen() {
	const text = useWords();
	const settled = useSettledWords();
	const { id = '' } = useParams<{ id: string }>();
	const order = useAnswer('GET /api/orders/:id', { params: { id } });
	const tell = (now: Order): void => {
		announce(settled(now));
		refresh('GET /api/events');
	};
	// An id that is not a number gives 422.
	const unknown = order.error instanceof Problem && [404, 422].includes(order.error.status);
	return (
		<Screen title={text.title(id)} aside={!unknown && <Link href="/orders">{text.all}</Link>}>
			{unknown ? (
				<Empty text={text.unknown} href="/orders" there={text.all} />
			) : (
				<div className="floor order-floor">
					<Loaded query={order}>
						{(known) => (
							<>
								<Opened order={known} />
								<Following orders={[known]} onSettled={tell} />
							</>
						)}
					</Loaded>
				</div>
			)}
		</Screen>
	);
}

function Opened({ order }: { readonly order: Order }) {
	const way = useWay(order);
	return (
		<>
			<OrderReceipt order={order} waiting={<Waiting step={stepOf(way.data ?? [])} />} />
			<OrderWay way={way} />
		</>
	);
}
