import { Link } from 'wouter';
import type { Order } from '../../functions/orders/api.ts';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { Time } from '../time.tsx';
import { Status } from './status.tsx';
import { useTitles } from './titles.ts';

const useWords = words(
	{
		number: (id: number) => `No. ${id}`,
		whom: (name: string) => `for ${name}`,
		more: (books: number) => `and ${books} more books`,
	},
	{
		number: (id: number) => `N° ${id}`,
		whom: (name: string) => `pour ${name}`,
		more: (books: number) => `et ${books} autres livres`,
	},
);

/** The most lines of text about the books of an order. */
const mostShown = 4;

/** One order in the list. The whole line links to the order's screen. */
export function Slip({ order }: { readonly order: Order }) {
	const text = useWords();
	const titles = useTitles();
	const format = useFormat();
	const { id, lines, total_amount, customer_name, reason, created_at } = order;
	// The order's screen has the others.
	const shown = lines.slice(0, lines.length > mostShown ? mostShown - 1 : mostShown);
	return (
		<li className="order-slip">
			<Link className="order-slip-number" href={`/orders/${id}`}>
				{text.number(id)}
			</Link>
			<Time className="order-slip-time" at={created_at} />
			<span className="order-slip-status">
				<Status order={order} />
			</span>
			<span className="order-slip-what">
				{shown.map((line) => (
					<span key={line.book_id}>
						{format.number(line.quantity)} × {titles.of(line)}
					</span>
				))}
				{shown.length < lines.length && <span>{text.more(lines.length - shown.length)}</span>}
			</span>
			<span className="order-slip-sum figures">{format.money(total_amount)}</span>
			<span className="order-slip-whom">{text.whom(customer_name)}</span>
			{reason !== null && (
				<span className="order-slip-reason" lang="en">
					{reason}
				</span>
			)}
		</li>
	);
}
