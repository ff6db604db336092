import { useSearchParams } from 'wouter';
import { words } from '../language.ts';
import { Select } from './field.tsx';
import { withParam } from './search.tsx';

const useWords = words({ sort: 'Sort by' }, { sort: 'Trier par' });

/** Returns the order in the URL, or undefined if it is none of `orders` or the first, which is the default. */
export function useSorted<Order extends string>(orders: readonly Order[]): Order | undefined {
	const [params] = useSearchParams();
	return orders.slice(1).find((order) => order === params.get('sort'));
}

interface Props<Order extends string> {
	/** The orders to choose from. The first is the default. */
	readonly orders: readonly Order[];
	readonly labels: Readonly<Record<Order, string>>;
}

/** Chooses the order of a list and stores it in the URL. */
export function Sort<Order extends string>({ orders, labels }: Props<Order>) {
	const text = useWords();
	const sorted = useSorted(orders);
	const [, setParams] = useSearchParams();
	return (
		<Select
			label={text.sort}
			value={sorted ?? orders[0]}
			onChange={({ target: { value } }) =>
				setParams((before) => withParam(before, 'sort', value === orders[0] ? '' : value), { replace: true })
			}
		>
			{orders.map((order) => (
				<option key={order} value={order}>
					{labels[order]}
				</option>
			))}
		</Select>
	);
}
