import { type ReactNode, useEffect, useRef } from 'react';
import { refresh } from '../../api/query.ts';
import { useUnfolding } from '../../events/unfolding.ts';
import { words } from '../../language.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Break } from './break.tsx';
import { useCurrent } from './current.ts';
import { Mend } from './mend.tsx';
import { PlaceOrder } from './place-order.tsx';
import { Result } from './result.tsx';
import { handledSince, isUnderWay, ordersOf, waitedOf } from './waited.ts';
import { WaitedEvents } from './waited-events.tsx';
import { WaitingOrders } from './waiting-orders.tsx';

const useWords = words(
	{
		break: 'Inject a fault',
		order: 'Order a book',
		orderLater: 'The shop will still take orders.',
		orderDone: 'The shop still took orders.',
		watch: 'See the waiting events',
		watchDone: 'The events that waited are listed below.',
		watchLater: 'Each event that the function fails to handle will be listed here, with its attempts.',
		mend: 'Repair it',
		mendLater: 'The waiting events will be published again with the same ids.',
		result: 'Each event handled once',
		resultLater: 'No event will be lost or handled twice.',
	},
	{
		break: 'Provoquer une panne',
		order: 'Commander un livre',
		orderLater: 'La boutique continuera de prendre les commandes.',
		orderDone: 'La boutique a continué de prendre les commandes.',
		watch: 'Voir les événements en attente',
		watchDone: 'Les événements qui ont attendu sont affichés plus bas.',
		watchLater: 'Chaque événement que la fonction n’arrive pas à traiter sera affiché ici, avec ses essais.',
		mend: 'Réparer',
		mendLater: 'Les événements en attente seront republiés avec les mêmes identifiants.',
		result: 'Chaque événement traité une fois',
		resultLater: 'Aucun événement ne sera perdu, ni traité deux fois.',
	},
);

export function DrillSteps() {
	const text = useWords();
	const { query, current, choose } = useCurrent();
	const { function: fn, since, running } = current;
	const on = running !== undefined;
	const { events, error } = useUnfolding({
		// The newest events, which are searched for waiting ones.
		limit: 200,
		enabled: since !== undefined,
		goesOn: (log) => on || isUnderWay(log, waitedOf(log, fn, since ?? '')),
	});
	const log = events ?? [];
	const waited = since === undefined ? [] : waitedOf(log, fn, since);
	const orders = ordersOf(log, waited);
	const handled = waited.filter(({ delivery }) => delivery.status === 'handled').length;
	const mended = since === undefined ? 0 : handledSince(log, fn, since);
	useEffect(() => {
		// The drill was ended elsewhere, or has run out.
		if (on && mended > 0) refresh('GET /api/drills');
	}, [on, mended]);
	const result = useRef<HTMLHeadingElement>(null);
	const over = since !== undefined && !on;
	return (
		<Loaded query={query}>
			{() => (
				<ol className="drill">
					<Part title={text.break} state={since === undefined ? 'now' : 'done'}>
						<Break current={current} onChoose={choose} />
					</Part>
					<Part title={text.order} state={over || orders.length > 0 ? 'done' : on ? 'now' : 'later'}>
						{on ? <PlaceOrder fn={fn} /> : <p className="quiet">{over ? text.orderDone : text.orderLater}</p>}
					</Part>
					<Part title={text.watch} state={over ? 'done' : on && orders.length > 0 ? 'now' : 'later'}>
						{on ? (
							<>
								<Loaded query={{ data: events && waited, error }}>
									{(all) => <WaitedEvents waited={all} fn={fn} />}
								</Loaded>
								<WaitingOrders orders={orders} />
							</>
						) : (
							<p className="quiet">{over ? text.watchDone : text.watchLater}</p>
						)}
					</Part>
					<Part title={text.mend} state={over ? 'done' : on && orders.length > 0 ? 'now' : 'later'}>
						{since === undefined ? (
							<p className="quiet">{text.mendLater}</p>
						) : (
							<Mend fn={fn} on={on} waiting={waited.length - handled} onMended={() => result.current?.focus()} />
						)}
					</Part>
					<Part title={text.result} state={over ? 'now' : 'later'} heading={result}>
						{over ? (
							<Loaded query={{ data: events, error }}>
								{(all) => <Result waited={waited} events={all} orders={orders} fn={fn} onAgain={() => choose(fn)} />}
							</Loaded>
						) : (
							<p className="quiet">{text.resultLater}</p>
						)}
					</Part>
				</ol>
			)}
		</Loaded>
	);
}

interface PartProps {
	readonly title: string;
	readonly state: 'done' | 'now' | 'later';
	readonly heading?: React.RefObject<HTMLHeadingElement | null>;
	readonly children: ReactNode;
}

function Part({ title, state, heading, children }: PartProps) {
	return (
		<li className="card drill-step" data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
			<h2 ref={heading} tabIndex={-1}>
				{title}
			</h2>
			<div className="stack">{children}</div>
		</li>
	);
}
