import { useSearchParams } from 'wouter';
import { words } from '../language.ts';
import { Input } from '../ui/field.tsx';
import { withParam } from '../ui/search.tsx';
import { Sort, useSorted } from '../ui/sort.tsx';

const useWords = words(
	{
		orders: {
			added: 'Oldest in the shop',
			'-added': 'Newest in the shop',
			title: 'Title, A to Z',
			author: 'Author, A to Z',
			price: 'Price, lowest first',
			'-price': 'Price, highest first',
		},
		most: 'Up to ($)',
		inStock: 'Only books in stock',
	},
	{
		orders: {
			added: 'Plus anciens en rayon',
			'-added': 'Nouveautés',
			title: 'Titre, de A à Z',
			author: 'Auteur, de A à Z',
			price: 'Prix croissant',
			'-price': 'Prix décroissant',
		},
		most: 'Jusqu’à ($)',
		inStock: 'Seulement les livres en stock',
	},
);

const orders = ['added', '-added', 'title', 'author', 'price', '-price'] as const;

/** Returns the order and the filters in the URL, as the list of books wants them. Leaves out what is malformed. */
export function useRefined() {
	const [params] = useSearchParams();
	return {
		sort: useSorted(orders),
		in_stock: params.get('in_stock') === 'true' ? ('true' as const) : undefined,
		max_price: /^\d{1,8}(\.\d{1,2})?$/.exec(params.get('max_price') ?? '')?.[0],
	};
}

/** Sorts and filters the shelf, and stores both in the URL. */
export function Refine() {
	const text = useWords();
	const { in_stock, max_price = '' } = useRefined();
	const [, setParams] = useSearchParams();
	const set = (name: string, value: string): void =>
		setParams((before) => withParam(before, name, value), { replace: true });
	return (
		<form
			className="refine"
			onSubmit={(event) => {
				event.preventDefault();
				set('max_price', String(new FormData(event.currentTarget).get('max_price')));
			}}
		>
			<Sort orders={orders} labels={text.orders} />
			<Input
				// Shows the price of another URL, such as after Back.
				key={max_price}
				label={text.most}
				name="max_price"
				type="number"
				min={0}
				max={99_999_999}
				step="0.01"
				inputMode="decimal"
				defaultValue={max_price}
				onBlur={({ target }) => target.validity.valid && set('max_price', target.value)}
			/>
			<label className="refine-tick">
				<input
					type="checkbox"
					className="tick"
					checked={in_stock !== undefined}
					onChange={({ target }) => set('in_stock', target.checked ? 'true' : '')}
				/>
				{text.inStock}
			</label>
		</form>
	);
}
