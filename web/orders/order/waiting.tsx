import { Link } from 'wouter';
import { isAdmin, useAccount } from '../../api/account.ts';
import { words } from '../../language.ts';
import { TimeIn } from '../../time.tsx';
import type { Step } from './step.ts';

const useWords = words(
	{
		unknown: 'Your order is being processed.',
		steps: {
			'order.placed': 'Step 1 of 3: setting your books aside',
			'stock.reserved': 'Step 2 of 3: writing your invoice',
			'stock.rejected': 'Last step: closing your order, because the books are sold out',
			'invoice.issued': 'Step 3 of 3: confirming your order',
		},
		pending: 'It usually takes a moment.',
		failing: (failed: number) =>
			failed === 1
				? 'The first attempt failed. We are trying again.'
				: `${failed} attempts failed. We are trying again.`,
		next: (when: string) => `Next attempt at ${when} or a little later.`,
		relayed: (times: number) =>
			times === 1 ? 'The shop has restarted this step once.' : `The shop has restarted this step ${times} times.`,
		dead: (failed: number) =>
			`${failed === 0 ? 'Every attempt' : failed === 1 ? 'The only attempt' : `All ${failed} attempts`} failed. An admin has to help now; your order is safe until then.`,
		discarded: 'An admin has stopped this step, so your order won’t be completed. Please contact the shop.',
		drill: (fn: string, when: string) => `${fn} is broken on purpose for a drill, until ${when}. Nothing is lost.`,
		letters: 'To the dead letters',
		event: 'Show the event',
	},
	{
		unknown: 'Votre commande est en cours de traitement.',
		steps: {
			'order.placed': 'Étape 1 sur 3 : mise de côté de vos livres',
			'stock.reserved': 'Étape 2 sur 3 : établissement de votre facture',
			'stock.rejected': 'Dernière étape : clôture de votre commande, car les livres sont épuisés',
			'invoice.issued': 'Étape 3 sur 3 : confirmation de votre commande',
		},
		pending: 'C’est l’affaire d’un instant.',
		failing: (failed: number) =>
			failed === 1 ? 'Le premier essai a échoué. Nous réessayons.' : `${failed} essais ont échoué. Nous réessayons.`,
		next: (when: string) => `Prochain essai à ${when} ou un peu plus tard.`,
		relayed: (times: number) =>
			times === 1 ? 'La boutique a relancé cette étape une fois.' : `La boutique a relancé cette étape ${times} fois.`,
		dead: (failed: number) =>
			`${failed === 0 ? 'Tous les essais ont échoué' : failed === 1 ? 'Le seul essai a échoué' : `Les ${failed} essais ont échoué`}. Un admin doit intervenir ; d’ici là, votre commande est conservée.`,
		discarded: 'Un admin a mis fin à cette étape : votre commande ne sera pas honorée. Veuillez contacter la boutique.',
		drill: (fn: string, when: string) =>
			`${fn} est cassée exprès, pour un exercice, jusqu’à ${when}. Rien n’est perdu.`,
		letters: 'Vers les lettres mortes',
		event: 'Voir l’événement',
	},
);

/** What a pending order waits for. @param step undefined if its events do not tell, or are not shown to the caller */
export function Waiting({ step }: { readonly step: Step | undefined }) {
	const text = useWords();
	const admin = isAdmin(useAccount());
	if (!step) return <p className="order-bye">{text.unknown}</p>;
	const { event, delivery } = step;
	const { status, attempts, drill_until, retry_after, function: fn } = delivery;
	const isTried = status === 'pending' || status === 'failing';
	const now = Date.now();
	const [next] = [retry_after, event.relay_after].filter((when) => when !== null && Date.parse(when) > now).sort();
	const said = [
		status === 'failing' && text.failing(attempts),
		status === 'pending' && event.relays === 0 && text.pending,
		status === 'dead' && text.dead(attempts),
		status === 'discarded' && text.discarded,
		isTried && event.relays > 0 && text.relayed(event.relays),
		drill_until !== null && status !== 'discarded' && (
			<TimeIn key="drill" say={(when) => text.drill(fn, when)} at={drill_until} form="clock" />
		),
		next && <TimeIn key="next" say={text.next} at={next} form="clock" />,
	].filter(Boolean);
	return (
		<div className="order-bye" role="status">
			<p>
				<b>{text.steps[step.name]}</b>
			</p>
			<p>{said.flatMap((part, index) => (index > 0 ? [' ', part] : [part]))}</p>
			{admin && status === 'dead' && <Link href="/dead-letters">{text.letters}</Link>}
			{admin && status === 'discarded' && <Link href={`/events/${encodeURIComponent(event.id)}`}>{text.event}</Link>}
		</div>
	);
}
