import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import { words } from '../../language.ts';

export type Delivery = LoggedEvent['deliveries'][number];

/** The words for the statuses of deliveries. */
export const useStatusWords = words(
	{ handled: 'handled', pending: 'waiting', failing: 'failing', dead: 'dead letter', discarded: 'discarded' },
	{ handled: 'traité', pending: 'en attente', failing: 'en échec', dead: 'lettre morte', discarded: 'abandonné' },
);

const useWords = words(
	{
		late: 'handled after it was discarded',
		attempts: (count: number) => `${count} attempt${count === 1 ? '' : 's'}`,
		nobody: 'no function reacts to it',
	},
	{
		late: 'traité après avoir été abandonné',
		attempts: (count: number) => `${count} essai${count > 1 ? 's' : ''}`,
		nobody: 'aucune fonction n’y réagit',
	},
);

/** How a stamp of a status looks. */
export const kinds = { handled: 'good', pending: 'wait', failing: 'wait', dead: 'bad', discarded: 'quiet' } as const;

export function DeliveryStamp({ delivery }: { readonly delivery: Delivery }) {
	const text = useWords();
	const said = useStatusWords();
	const { status, attempts, resolution } = delivery;
	const tried = status === 'handled' ? attempts > 1 : attempts > 0;
	return (
		<span className="stamp" data-kind={kinds[status]}>
			{delivery.function} {status === 'handled' && resolution === 'discarded' ? text.late : said[status]}
			{tried && `, ${text.attempts(attempts)}`}
		</span>
	);
}

export function DeliveryStamps({ deliveries }: { readonly deliveries: readonly Delivery[] }) {
	const text = useWords();
	return (
		<span className="delivery-stamps">
			{deliveries.map((delivery) => (
				<DeliveryStamp key={delivery.trigger} delivery={delivery} />
			))}
			{deliveries.length === 0 && <span className="quiet small">{text.nobody}</span>}
		</span>
	);
}
