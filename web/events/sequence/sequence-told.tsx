import { Link } from 'wouter';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { shortType } from '../naming.ts';
import { keyOf } from './sequence-drawing.tsx';
import type { Step } from './steps.ts';

const useWords = words(
	{
		label: 'The trace, step by step',
		published: (fn: string) => `${fn} published it`,
		again: (times: number) => `; the relay republished it ${times === 1 ? 'once' : `${times} times`}`,
		received: (fn: string, attempt: number) => `${fn} received it${attempt > 1 ? `, attempt ${attempt}` : ''}`,
		handled: (fn: string, took: string) => `${fn} handled it, ${took} after it was published`,
		failed: (fn: string, isFirst: boolean) => `${isFirst ? 'attempt 1' : 'an attempt'} of ${fn} failed`,
		more: (count: number, until: string) => `, and ${count} more until ${until}`,
		by: {
			relay: ', republished by the relay',
			replay: ', replayed by an admin',
			drill: ', republished after a drill',
		},
		waiting: (fn: string) => `${fn} has yet to handle it`,
		dead: (fn: string) => `delivery to ${fn} failed: it is a dead letter`,
		discarded: (fn: string) => `permanently discarded for ${fn}`,
		because: ': ',
		later: 'to come',
	},
	{
		label: 'La trace, étape par étape',
		published: (fn: string) => `${fn} l’a publié`,
		again: (times: number) => ` ; le relais l’a republié ${times === 1 ? 'une fois' : `${times} fois`}`,
		received: (fn: string, attempt: number) => `${fn} l’a reçu${attempt > 1 ? `, essai ${attempt}` : ''}`,
		handled: (fn: string, took: string) => `${fn} l’a traité, ${took} après sa publication`,
		failed: (fn: string, isFirst: boolean) => `${isFirst ? 'l’essai 1' : 'un essai'} de ${fn} a échoué`,
		more: (count: number, until: string) => `, puis ${count} autre${count > 1 ? 's' : ''} jusqu’à ${until}`,
		by: {
			relay: ', republié par le relais',
			replay: ', rejoué par un admin',
			drill: ', republié après un exercice',
		},
		waiting: (fn: string) => `${fn} doit encore le traiter`,
		dead: (fn: string) => `livraison à ${fn} échouée : c’est une lettre morte`,
		discarded: (fn: string) => `mis de côté pour ${fn}, définitivement`,
		because: ' : ',
		later: 'à venir',
	},
);

/** The text version of the sequence diagram. @param event the id of the event to emphasize */
export function SequenceTold({ steps, event }: { readonly steps: readonly Step[]; readonly event: string }) {
	const text = useWords();
	const { duration } = useFormat();
	const start = steps[0]?.at ?? 0;
	return (
		<ol className="told" aria-label={text.label}>
			{steps.map((step) => {
				const { kind, function: fn, at, took = 0, attempt = 1, relays = 0, failed, error } = step;
				return (
					<li key={keyOf(step)} data-own={step.event === event}>
						<span className="told-time">
							{at !== undefined ? `+${duration(at - start)}` : kind === 'waiting' && text.later}
						</span>
						<span>
							{step.event === event ? (
								<b>{shortType(step.type)}</b>
							) : (
								<Link href={`/events/${encodeURIComponent(step.event)}`}>{shortType(step.type)}</Link>
							)}
							<span className="quiet"> · </span>
							{kind === 'published' && text.published(fn)}
							{kind === 'published' && relays > 0 && text.again(relays)}
							{kind === 'received' && text.received(fn, attempt)}
							{kind === 'handled' && text.handled(fn, duration(took))}
							{failed && text.failed(fn, failed.isFirst)}
							{failed && failed.times > 1 && text.more(failed.times - 1, `+${duration(failed.until - start)}`)}
							{failed && text.by[failed.publication as keyof typeof text.by]}
							{error !== undefined && (
								<>
									{text.because}
									<code className="told-error" lang="en">
										{error}
									</code>
								</>
							)}
							{(kind === 'waiting' || kind === 'dead' || kind === 'discarded') && text[kind](fn)}
						</span>
					</li>
				);
			})}
		</ol>
	);
}
