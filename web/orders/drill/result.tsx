import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import { words } from '../../language.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { isHandledOnce, type Waited, type WaitingOrder } from './waited.ts';
import { WaitedEvents } from './waited-events.tsx';
import { WaitingOrders } from './waiting-orders.tsx';

const useWords = words(
	{
		none: 'No event waited: nothing was ordered during the drill, or each event was handled at its first attempt.',
		some: (waited: number, handled: number) =>
			`${waited} event${waited === 1 ? '' : 's'} waited, ${handled} handled so far.`,
		all: (waited: number) => `${waited} event${waited === 1 ? '' : 's'} waited, ${waited} handled, once each.`,
		letters: 'Replay the dead letter',
		again: 'Start another drill',
	},
	{
		none: 'Aucun événement n’a attendu : rien n’a été commandé pendant l’exercice, ou chaque événement a été traité au premier essai.',
		some: (waited: number, handled: number) =>
			`${waited} événement${waited > 1 ? 's ont' : ' a'} attendu, ${handled} traité${handled > 1 ? 's' : ''} jusqu’ici.`,
		all: (waited: number) =>
			waited > 1
				? `${waited} événements ont attendu, ${waited} traités, une fois chacun.`
				: '1 événement a attendu, 1 traité, une seule fois.',
		letters: 'Rejouer la lettre morte',
		again: 'Nouvel exercice',
	},
);

interface Props {
	readonly waited: readonly Waited[];
	readonly events: readonly LoggedEvent[];
	readonly orders: readonly WaitingOrder[];
	readonly fn: string;
	readonly onAgain: () => void;
}

export function Result({ waited, events, orders, fn, onAgain }: Props) {
	const text = useWords();
	const handled = waited.filter((each) => isHandledOnce(each, events)).length;
	const all = handled === waited.length;
	return (
		<>
			<Notice kind={all ? 'good' : 'wait'}>
				{waited.length === 0 ? text.none : all ? text.all(handled) : text.some(waited.length, handled)}
			</Notice>
			<WaitedEvents waited={waited} fn={fn} />
			<WaitingOrders orders={orders} />
			<p className="row">
				{waited.some(({ delivery }) => delivery.status === 'dead') && (
					<ButtonLink kind="main" href="/dead-letters">
						{text.letters}
					</ButtonLink>
				)}
				<Button onClick={onAgain}>{text.again}</Button>
			</p>
		</>
	);
}
