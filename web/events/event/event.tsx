import { Link, useParams } from 'wouter';
import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import { useAnswer } from '../../api/query.ts';
import { useFormat } from '../../format.ts';
import { words } from '../../language.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Screen } from '../../ui/screen.tsx';
import { functionOf, shortType, traceOf } from '../naming.ts';
import { isOpen } from '../open.ts';
import { SequenceDrawing } from '../sequence/sequence-drawing.tsx';
import { SequenceTold } from '../sequence/sequence-told.tsx';
import { stepsOf } from '../sequence/steps.ts';
import { useUnfolding } from '../unfolding.ts';
import { Attempts, hasStory } from './attempts.tsx';
import { Attributes } from './attributes.tsx';
import { consequencesOf } from './consequences.ts';
import { DeliveryStamps } from './delivery-stamps.tsx';
import { Payload } from './payload.tsx';
import { Tree } from './tree.tsx';

const useWords = words(
	{
		title: 'Event',
		lead: (fn: string, when: string) => `Published by ${fn} at ${when}.`,
		attempts: (fn: string) => `Attempts of ${fn}`,
		trace: 'Its trace through the functions',
		followed: 'Events it caused',
		spans: 'HTTP calls, queries and events of this trace',
	},
	{
		title: 'Événement',
		lead: (fn: string, when: string) => `Publié par ${fn} à ${when}.`,
		attempts: (fn: string) => `Essais de ${fn}`,
		trace: 'Sa trace à travers les fonctions',
		followed: 'Événements qui en ont découlé',
		spans: 'Appels HTTP, requêtes SQL et événements de cette trace',
	},
);

export default function EventScreen() {
	const { id = '' } = useParams();
	return <OneEvent key={id} id={id} />;
}

function OneEvent({ id }: { readonly id: string }) {
	const text = useWords();
	const { clock } = useFormat();
	const query = useAnswer('GET /api/events/:id', { params: { id } });
	const event = query.data;
	return (
		<Screen
			title={event ? shortType(event.type) : text.title}
			lead={event && text.lead(functionOf(event.source), clock(event.time))}
		>
			<Loaded query={query}>{(data) => <Opened event={data} />}</Loaded>
		</Screen>
	);
}

function Opened({ event }: { readonly event: LoggedEvent }) {
	const text = useWords();
	const { error, events } = useUnfolding({
		trace: traceOf(event.traceparent),
		limit: 1000,
		goesOn: (trace) => trace.some(isOpen),
	});
	const now = events?.find(({ id }) => id === event.id) ?? event;
	return (
		<>
			<p role="status">
				<DeliveryStamps deliveries={now.deliveries} />
			</p>
			<div className="event-parts">
				<Attributes event={now} />
				<Payload event={event} />
			</div>
			{now.deliveries
				.filter((delivery) => hasStory(delivery, now.relay_after))
				.map((delivery) => (
					<section key={delivery.trigger} className="stack" aria-labelledby={delivery.trigger}>
						<h2 id={delivery.trigger}>{text.attempts(delivery.function)}</h2>
						<Attempts delivery={delivery} relayAfter={now.relay_after} />
					</section>
				))}
			<section className="stack" aria-labelledby="trace">
				<h2 id="trace">{text.trace}</h2>
				<Loaded query={{ data: events && stepsOf(events), error }}>
					{(steps) => (
						<div className="event-story">
							<SequenceDrawing steps={steps} event={event.id} />
							<SequenceTold steps={steps} event={event.id} />
						</div>
					)}
				</Loaded>
				{/* Only an admin receives the data, and sees traces. */}
				{event.data !== undefined && (
					<p>
						<Link href={`/traces/${traceOf(event.traceparent)}`}>{text.spans}</Link>
					</p>
				)}
			</section>
			<section className="stack" aria-labelledby="followed">
				<h2 id="followed">{text.followed}</h2>
				<Loaded query={{ data: events, error: null }}>
					{(all) => <Tree branches={consequencesOf(all, event.id)} />}
				</Loaded>
			</section>
		</>
	);
}
