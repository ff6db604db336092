import { DeliveryStamp } from '../events/event/delivery-stamps.tsx';
import { words } from '../language.ts';
import type { Replay } from './replays.ts';

const useWords = words(
	{
		sent: 'Published again…',
		unknown: 'Published again. The log does not contain this event, so its result is unknown.',
		back: 'It failed again.',
		replayed: 'Replayed:',
	},
	{
		sent: 'Republié…',
		unknown: 'Republié. Cet événement n’est pas dans le journal : son résultat reste inconnu.',
		back: 'Nouvel échec.',
		replayed: 'Rejouée :',
	},
);

export function Outcome({ replay }: { readonly replay: Replay | undefined }) {
	const text = useWords();
	return (
		<p className="row" role="status">
			{replay?.delivery === undefined && replay && text.sent}
			{replay?.delivery === null && text.unknown}
			{replay?.delivery && (
				<>
					{replay.delivery.status === 'dead' ? text.back : text.replayed}
					<DeliveryStamp delivery={replay.delivery} />
				</>
			)}
		</p>
	);
}
