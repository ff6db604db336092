import { DeliveryStamp } from '../events/event/delivery-stamps.tsx';
import { words } from '../language.ts';
import type { Replay } from './replays.ts';

const useWords = words(
	{
		sent: 'Published again…',
		unknown: 'Published again. The log does not have this event, so it cannot be told what becomes of it.',
		back: 'It came back.',
		replayed: 'Replayed:',
	},
	{
		sent: 'Republié…',
		unknown: 'Republié. Cet événement n’est pas dans le journal : on ne peut dire ce qu’il devient.',
		back: 'Elle est revenue.',
		replayed: 'Rejouée :',
	},
);

/** What has become of a dead letter since it was replayed. */
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
