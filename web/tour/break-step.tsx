import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useAnswer } from '../api/query.ts';
import { touring } from '../app/touring.ts';
import { shortType } from '../events/naming.ts';
import { words } from '../language.ts';
import { AdminStep } from './admin-step.tsx';
import { breakBilling, letterOf, tidyUp } from './drill.ts';
import { useLate } from './late.ts';
import { useOrdering } from './ordering.ts';
import { note, useProgress } from './progress.ts';
import { Step } from './step.tsx';

const useWords = words(
	{
		intro:
			'Now billing refuses the event of your next order, on purpose, for at most two minutes. The shop takes the order all the same.',
		break: 'Break billing, and order',
		order: (id: number) => `Order ${id}`,
		waits: 'waits for its invoice.',
		letter: (type: string, code: number) => `Billing answered ${code} to ${type}, which is now a dead letter.`,
		busy: 'An admin’s drill of billing is running. Try again when it has ended, or go on.',
		none: 'No book is in stock, so there is nothing to break.',
		late: 'No dead letter came. Another order was perhaps faster. Go on: the tour repairs billing.',
	},
	{
		intro:
			'Maintenant, billing refuse l’événement de votre prochaine commande, exprès, pendant deux minutes au plus. La boutique prend quand même la commande.',
		break: 'Casser billing et commander',
		order: (id: number) => `La commande ${id}`,
		waits: 'attend sa facture.',
		letter: (type: string, code: number) => `Billing a répondu ${code} à ${type}, qui devient une lettre morte.`,
		busy: 'L’exercice d’un admin sur billing est en cours. Réessayez quand il sera fini, ou continuez.',
		none: 'Aucun livre n’est en stock : il n’y a rien à casser.',
		late: 'Aucune lettre morte n’est arrivée. Une autre commande a peut-être été plus rapide. Continuez : la visite répare billing.',
	},
);

/** Seconds within which a poisoned event becomes a dead letter. */
const patience = 30;

const isLeft = (): boolean => touring.value !== 'on';

export function BreakStep() {
	const text = useWords();
	const { broken } = useProgress();
	const ordering = useOrdering();
	const breaking = useMutation({
		async mutationFn(): Promise<'busy' | 'none' | 'broken'> {
			const since = await breakBilling(broken?.since);
			if (since === null) return 'busy';
			// The visitor can leave at any moment. Then leaving did not know of the drill, or not of the order.
			if (!isLeft()) note({ broken: { since, order: undefined }, replayed: undefined });
			const order = isLeft() ? null : await ordering.mutateAsync();
			const begun = { since, order: order?.id };
			if (isLeft() || !order) await tidyUp(begun);
			if (isLeft()) return 'broken';
			note({ broken: order ? begun : undefined });
			return order ? 'broken' : 'none';
		},
	});
	const { data: letters } = useAnswer(
		'GET /api/dead-letters',
		{ query: { limit: 100 } },
		{ every: 1_000, enabled: broken?.order !== undefined },
	);
	const letter = broken && letters && letterOf(letters, broken);
	const isLate = useLate(broken?.order !== undefined && !letter, patience);
	const refused = breaking.data === 'busy' ? text.busy : breaking.data === 'none' ? text.none : undefined;
	return (
		<AdminStep intro={text.intro}>
			<Step
				intro={text.intro}
				action={{ label: text.break, run: () => breaking.mutate() }}
				waiting={breaking.isPending || broken?.order !== undefined}
				done={letter !== undefined}
				late={refused ?? (isLate && text.late)}
				error={breaking.error}
			>
				{broken?.order !== undefined && (
					<p>
						<Link href={`/orders/${broken.order}`}>{text.order(broken.order)}</Link> {text.waits}{' '}
						{letter && text.letter(shortType(letter.event.type), letter.code ?? 0)}
					</p>
				)}
			</Step>
		</AdminStep>
	);
}
