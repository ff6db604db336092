import { Link } from 'wouter';
import type { FunctionState } from '../../functions/info/api.ts';
import { useFunctions } from '../app/skyline.tsx';
import { useFormat } from '../format.ts';
import { words } from '../language.ts';
import { useLate } from './late.ts';
import { useOrder } from './ordering.ts';
import { useProgress } from './progress.ts';
import { Step } from './step.tsx';

const useWords = words(
	{
		intro:
			'Your order called orders and books, and its events woke billing. Each starts when it is needed, and goes dark again when it is idle.',
		awake: (name: string, count: number, start: string) =>
			`${name}: ${count} instance${count === 1 ? '' : 's'}${start && `, last started in ${start}`}`,
		asleep: (name: string, start: string) => `${name}: asleep again${start && `, last started in ${start}`}`,
		order: (id: number) => `Order ${id}`,
		completed: (took: string) => `is completed after ${took}, with its invoice.`,
		settled: 'is settled.',
		pending: 'is on its way.',
		late: 'The order is still pending. It continues by itself, so go on.',
	},
	{
		intro:
			'Votre commande a appelé orders et books, et ses événements ont réveillé billing. Chacune démarre quand on a besoin d’elle, et s’éteint au repos.',
		awake: (name: string, count: number, start: string) =>
			`${name} : ${count} instance${count > 1 ? 's' : ''}${start && `, dernier démarrage en ${start}`}`,
		asleep: (name: string, start: string) => `${name} : rendormie${start && `, dernier démarrage en ${start}`}`,
		order: (id: number) => `La commande ${id}`,
		completed: (took: string) => `est confirmée au bout de ${took}, avec sa facture.`,
		settled: 'est traitée.',
		pending: 'est en route.',
		late: 'La commande est encore en attente. Elle suit son cours : continuez.',
	},
);

/** Seconds within which an order is settled, cold starts on a busy cluster included. */
const patience = 30;

const awaited = ['orders', 'books', 'billing'];

/** The instances of a function, and how many milliseconds the last start of one took. */
function stateOf(states: readonly FunctionState[], name: string): { instances: number; ms: number | undefined } {
	const targets = states.filter((state) => state.function === name);
	const starts = targets.flatMap(({ cold_starts }) => cold_starts).toSorted((a, b) => a.at.localeCompare(b.at));
	return { instances: targets.reduce((sum, { instances }) => sum + instances, 0), ms: starts.at(-1)?.ms };
}

export function WakeStep() {
	const text = useWords();
	const { duration } = useFormat();
	const { order: id } = useProgress();
	const { data: states } = useFunctions();
	const order = useOrder(id);
	const settled = order && order.status !== 'pending';
	const done = states !== undefined && (id === undefined || settled === true);
	const late = useLate(!done, patience);
	return (
		<Step intro={text.intro} waiting done={done} late={late && text.late}>
			<ul>
				{awaited.map((name) => {
					const { instances, ms } = stateOf(states ?? [], name);
					const start = ms === undefined ? '' : duration(ms);
					return <li key={name}>{instances ? text.awake(name, instances, start) : text.asleep(name, start)}</li>;
				})}
			</ul>
			{order && (
				<p>
					<Link href={`/orders/${order.id}`}>{text.order(order.id)}</Link>{' '}
					{order.status === 'completed' && order.settled_at
						? text.completed(duration(Date.parse(order.settled_at) - Date.parse(order.created_at)))
						: settled
							? text.settled
							: text.pending}
				</p>
			)}
		</Step>
	);
}
