import { Link } from 'wouter';
import { DeliveryStamp } from '../../events/event/delivery-stamps.tsx';
import { lastOf } from '../../events/failures.ts';
import { shortType } from '../../events/naming.ts';
import { words } from '../../language.ts';
import { TimeIn } from '../../time.tsx';
import type { Waited } from './waited.ts';

const useWords = words(
	{
		label: 'Waiting events',
		count: (events: number, fn: string, failed: number) =>
			`${events} event${events === 1 ? '' : 's'} for ${fn}, ${failed} failed attempt${failed === 1 ? '' : 's'}.`,
		none: (fn: string) => `No event has reached ${fn} yet.`,
		last: (when: string) => `last failed at ${when}:`,
	},
	{
		label: 'Événements en attente',
		count: (events: number, fn: string, failed: number) =>
			`${events} événement${events > 1 ? 's' : ''} pour ${fn}, ${failed} essai${failed > 1 ? 's' : ''} échoué${failed > 1 ? 's' : ''}.`,
		none: (fn: string) => `Aucun événement n’est encore parvenu à ${fn}.`,
		last: (when: string) => `dernier échec à ${when} :`,
	},
);

export function WaitedEvents({ waited, fn }: { readonly waited: readonly Waited[]; readonly fn: string }) {
	const text = useWords();
	const failed = waited.reduce((sum, { delivery }) => sum + delivery.attempts - (delivery.handled_at ? 1 : 0), 0);
	return (
		<>
			<p className="quiet small" role="status">
				{waited.length > 0 ? text.count(waited.length, fn, failed) : text.none(fn)}
			</p>
			<ul className="drill-events" aria-label={text.label}>
				{waited.map(({ event, delivery }) => {
					const last = lastOf(delivery.failures);
					return (
						<li key={`${event.id} ${delivery.trigger}`}>
							<span className="row">
								<Link href={`/events/${encodeURIComponent(event.id)}`}>{shortType(event.type)}</Link>
								<DeliveryStamp delivery={delivery} />
							</span>
							{last && (
								<span className="small">
									<span className="quiet">
										<TimeIn say={text.last} at={last.at} form="clock" />
									</span>{' '}
									<code className="drill-error" lang="en">
										{last.error}
									</code>
								</span>
							)}
						</li>
					);
				})}
			</ul>
		</>
	);
}
