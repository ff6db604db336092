import { Link } from 'wouter';
import type { Order } from '../../functions/orders/api.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Status } from './status.tsx';

const useWords = words(
	{ number: (id: number) => `No. ${id}`, whom: (name: string) => `for ${name}` },
	{ number: (id: number) => `N° ${id}`, whom: (name: string) => `pour ${name}` },
);

/** One order in the list. The whole line links to the order's screen. */
export function Slip({ order, title }: { readonly order: Order; readonly title: string }) {
	const text = useWords();
	const format = useFormat();
	const { id, quantity, unit_price, customer_name, reason, created_at } = order;
	return (
		<li className="order-slip">
			<Link className="order-slip-number" href={`/orders/${id}`}>
				{text.number(id)}
			</Link>
			<time className="order-slip-time" dateTime={created_at}>
				{format.moment(created_at)}
			</time>
			<span className="order-slip-status">
				<Status order={order} />
			</span>
			<span className="order-slip-what">
				{format.number(quantity)} × {title}
			</span>
			<span className="order-slip-sum figures">{format.money(unit_price, quantity)}</span>
			<span className="order-slip-whom">{text.whom(customer_name)}</span>
			{reason !== null && (
				<span className="order-slip-reason" lang="en">
					{reason}
				</span>
			)}
		</li>
	);
}
