import { Link } from 'wouter';
import { words } from '../language.ts';
import { useOrder, useOrdering } from './ordering.ts';
import { note, useProgress } from './progress.ts';
import { Step } from './step.tsx';

const useWords = words(
	{
		intro:
			'The shop is made of functions that sleep until a request or an event arrives. Order a book, and watch the houses at the top light up.',
		order: 'Order a book',
		placed: (id: number) => `Order ${id}`,
		of: (title: string) => `“${title}”, is placed.`,
		none: 'No book is in stock. Go on: the other steps show the functions all the same.',
	},
	{
		intro:
			'La boutique est faite de fonctions qui dorment jusqu’à ce qu’une requête ou un événement arrive. Commandez un livre, et regardez les maisons s’éclairer en haut.',
		order: 'Commander un livre',
		placed: (id: number) => `La commande ${id}`,
		of: (title: string) => `, « ${title} », est enregistrée.`,
		none: 'Aucun livre n’est en stock. Continuez : les autres étapes montrent quand même les fonctions.',
	},
);

export function OrderStep() {
	const text = useWords();
	const { order: id } = useProgress();
	const order = useOrder(id);
	const ordering = useOrdering();
	const run = (): void => ordering.mutate(undefined, { onSuccess: (placed) => placed && note({ order: placed.id }) });
	return (
		<Step
			intro={text.intro}
			action={{ label: text.order, run }}
			waiting={ordering.isPending}
			done={id !== undefined}
			late={ordering.data === null && text.none}
			error={ordering.error}
		>
			{order && (
				<p>
					<Link href={`/orders/${order.id}`}>{text.placed(order.id)}</Link> {text.of(order.lines[0]?.title ?? '')}
				</p>
			)}
		</Step>
	);
}
