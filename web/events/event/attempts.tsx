import type { DeadLetter } from '../../../functions/event-log/api.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { lastOf, publicationsOf } from '../failures.ts';
import type { Delivery } from './delivery-stamps.tsx';

const useWords = words(
	{
		kind: {
			first: 'First publication',
			relay: 'Republished by the relay',
			replay: 'Replayed by an admin',
			drill: 'Republished after a drill',
			unknown: 'Publication not known',
		},
		failed: (times: number) => `${times} failed attempt${times === 1 ? '' : 's'}`,
		between: (first: string, last: string) => (first === last ? `at ${last}` : `${first} to ${last}`),
		times: (times: number) => `${times}×`,
		hidden: 'Only admins see the error.',
		unlisted: (count: number) =>
			`${count} earlier failed attempt${count === 1 ? ' is' : 's are'} counted, but no longer listed.`,
		retry: (when: string) => `Next attempt: ${when} at the earliest`,
		relay: (when: string) => `Next publication, if it stays unhandled: ${when} at the earliest`,
		drill: (fn: string, when: string) => `${fn} is broken on purpose until ${when}.`,
		late: 'An admin discarded it, but an attempt that was under way succeeded.',
	},
	{
		kind: {
			first: 'Première publication',
			relay: 'Republié par le relais',
			replay: 'Rejoué par un admin',
			drill: 'Republié après un exercice',
			unknown: 'Publication inconnue',
		},
		failed: (times: number) => `${times} essai${times > 1 ? 's' : ''} échoué${times > 1 ? 's' : ''}`,
		between: (first: string, last: string) => (first === last ? `à ${last}` : `de ${first} à ${last}`),
		times: (times: number) => `${times}×`,
		hidden: 'Seuls les admins voient l’erreur.',
		unlisted: (count: number) =>
			count > 1
				? `${count} essais échoués plus anciens sont comptés, mais ne sont plus détaillés.`
				: '1 essai échoué plus ancien est compté, mais n’est plus détaillé.',
		retry: (when: string) => `Prochain essai : au plus tôt à ${when}`,
		relay: (when: string) => `Prochaine publication, s’il n’est toujours pas traité : au plus tôt à ${when}`,
		drill: (fn: string, when: string) => `${fn} est cassée exprès jusqu’à ${when}.`,
		late: 'Un admin l’a abandonné, mais un essai déjà en cours a réussi.',
	},
);

interface Failed extends Pick<DeadLetter, 'failures' | 'unlisted_failures'> {
	/** The earliest time of the next attempt of the last publication, and of the next publication, if there is one. */
	readonly next?: { readonly attempt: string | null; readonly publication: string | null };
}

/** The failed attempts of a delivery, grouped by publication, and what comes next. Equal errors are one line. */
export function FailedAttempts({ failures, unlisted_failures, next }: Failed) {
	const last = lastOf(failures)?.publication;
	const text = useWords();
	const { clock } = useFormat();
	const kindOf = (publication: string | null): string => {
		const kind = publication?.split('-')[0] ?? 'unknown';
		return text.kind[kind as keyof typeof text.kind] ?? text.kind.unknown;
	};
	return (
		<>
			{unlisted_failures > 0 && <p className="quiet">{text.unlisted(unlisted_failures)}</p>}
			<ol className="attempts">
				{publicationsOf(failures).map(([publication, own]) => (
					<li key={publication}>
						<b>{kindOf(publication)}</b>{' '}
						<span className="quiet">{text.failed(own.reduce((sum, { times }) => sum + times, 0))}</span>
						<ul>
							{own.map(({ error, times, first_at, at }) => (
								<li key={`${first_at} ${error}`}>
									<span className="figures">{text.times(times)}</span>{' '}
									{error === undefined ? (
										<span className="quiet">{text.hidden}</span>
									) : (
										<code className="told-error" lang="en">
											{error}
										</code>
									)}{' '}
									<span className="quiet">{text.between(clock(first_at), clock(at))}</span>
								</li>
							))}
							{next?.attempt && publication === last && (
								<li className="attempt-next">{text.retry(clock(next.attempt))}</li>
							)}
						</ul>
					</li>
				))}
				{next?.publication && <li className="attempt-next">{text.relay(clock(next.publication))}</li>}
			</ol>
		</>
	);
}

/** The story of a delivery: its failed attempts, and why they fail or what came of them. */
export function Attempts({
	delivery,
	relayAfter,
}: {
	readonly delivery: Delivery;
	readonly relayAfter: string | null;
}) {
	const text = useWords();
	const { clock } = useFormat();
	const { function: fn, status, resolution, retry_after, drill_until } = delivery;
	return (
		<div className="stack attempts-of">
			<FailedAttempts
				failures={delivery.failures}
				unlisted_failures={delivery.unlisted_failures}
				next={{ attempt: retry_after, publication: isWaiting(delivery) ? relayAfter : null }}
			/>
			{drill_until !== null && <p>{text.drill(fn, clock(drill_until))}</p>}
			{status === 'handled' && resolution === 'discarded' && <p>{text.late}</p>}
		</div>
	);
}

const isWaiting = ({ status }: Delivery): boolean => status === 'pending' || status === 'failing';

/** Returns whether there is anything to say about a delivery's attempts. */
export const hasStory = (delivery: Delivery, relayAfter: string | null): boolean =>
	delivery.attempts > (delivery.handled_at === null ? 0 : 1) ||
	delivery.drill_until !== null ||
	delivery.resolution === 'discarded' ||
	(isWaiting(delivery) && relayAfter !== null);
