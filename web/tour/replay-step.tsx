import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ask } from '../api/ask.ts';
import { useAnswer } from '../api/query.ts';
import { words } from '../language.ts';
import { AdminStep } from './admin-step.tsx';
import { letterOf, repairBilling, replay } from './drill.ts';
import { useLate } from './late.ts';
import { useOrder } from './ordering.ts';
import { note, useProgress } from './progress.ts';
import { Step } from './step.tsx';

const useWords = words(
	{
		intro:
			'Nothing is lost: the database still has the event. Repair billing and replay the letter, and the order continues where it stopped.',
		replay: 'Repair billing, and replay',
		order: (id: number) => `Order ${id}`,
		completed: (invoices: number) =>
			invoices === 1 ? 'is completed, with exactly one invoice.' : `is completed, with ${invoices} invoices.`,
		settled: 'is settled.',
		waits: 'waits.',
		late: 'The order is not completed yet. The shop publishes its event again within a minute, so go on.',
	},
	{
		intro:
			'Rien n’est perdu : la base de données a toujours l’événement. Réparez billing et rejouez la lettre : la commande reprend là où elle s’est arrêtée.',
		replay: 'Réparer billing et rejouer',
		order: (id: number) => `La commande ${id}`,
		completed: (invoices: number) =>
			invoices === 1 ? 'est confirmée, avec une facture, une seule.' : `est confirmée, avec ${invoices} factures.`,
		settled: 'est traitée.',
		waits: 'attend.',
		late: 'La commande n’est pas encore confirmée. La boutique republie son événement d’ici une minute : continuez.',
	},
);

/** Seconds within which a replayed event settles its order. */
const patience = 30;

export function ReplayStep() {
	const text = useWords();
	const { broken, replayed = false } = useProgress();
	const id = broken?.order;
	const order = useOrder(id);
	const settled = order !== undefined && order.status !== 'pending';
	const { data: invoices } = useAnswer('GET /api/billing', { query: { order_id: id } }, { enabled: settled });
	const mending = useMutation({
		async mutationFn() {
			if (!broken) return;
			await repairBilling(broken);
			const letter = letterOf(await ask('GET /api/dead-letters', { query: { limit: 100 } }), broken);
			if (letter) await replay(letter);
			note({ replayed: true });
		},
	});
	const late = useLate(replayed && !settled, patience);
	return (
		<AdminStep intro={text.intro}>
			<Step
				intro={text.intro}
				action={{ label: text.replay, run: () => mending.mutate() }}
				waiting={mending.isPending || replayed}
				done={settled && invoices !== undefined}
				late={late && text.late}
				error={mending.error}
			>
				{order && (
					<p>
						<Link href={`/orders/${order.id}`}>{text.order(order.id)}</Link>{' '}
						{order.status === 'completed' && invoices
							? text.completed(invoices.length)
							: settled
								? text.settled
								: text.waits}
					</p>
				)}
			</Step>
		</AdminStep>
	);
}
