import { Link } from 'wouter';
import { shortType } from '../events/naming.ts';
import { words } from '../language.ts';
import { House } from './house.tsx';
import { marksOf, type Shown } from './marks.ts';
import { emits, emittersOf, lane, reactorsOf, reacts, typesOf } from './wires.ts';

const useWords = words(
	{
		label: 'Map of the functions and events',
		houses: 'Functions',
		street: 'Events',
		broker: 'Broker',
		failing: 'failing',
		drill: 'drill',
		from: 'published by',
		to: 'handled by',
		nobody: 'no function',
	},
	{
		label: 'Plan des fonctions et des événements',
		houses: 'Fonctions',
		street: 'Événements',
		broker: 'Broker',
		failing: 'en échec',
		drill: 'exercice',
		from: 'publié par',
		to: 'traité par',
		nobody: 'aucune fonction',
	},
);

/** The narrow form of the map: the functions, then each event type with the functions before and after it. */
export function Street(props: Shown) {
	const text = useWords();
	const { shapes, drilled } = props;
	const marks = marksOf(props);
	const { linked, failing, markOf, near } = marks;
	return (
		<section className="map-frame map-narrow" aria-label={text.label}>
			<ul aria-label={text.houses} className="map-houses">
				{shapes.map(({ name }) => (
					<li key={name}>
						<House {...props} name={name} marks={marks} />
					</li>
				))}
			</ul>
			<p className="map-sign">
				{text.broker}
				{drilled.has('broker') && ` · ${text.drill}`}
			</p>
			<ul aria-label={text.street} className="map-lanes">
				{typesOf(shapes).map((type) => (
					<li key={type} data-near={near?.has(type)}>
						<Link
							{...linked(type)}
							className="map-type"
							data-type={type}
							data-lit={failing.has(type) ? 'failing' : markOf(lane(type))}
						>
							{shortType(type)}
							{failing.has(type) && <span className="unseen">, {text.failing}</span>}
						</Link>
						<span className="map-ends small">
							<Ends
								word={text.from}
								ends={emittersOf(shapes, type).map(({ name }) => [name, emits(name, type)])}
								markOf={markOf}
							/>
							<span aria-hidden="true">→</span>
							<Ends
								word={text.to}
								ends={reactorsOf(shapes, type).map(({ name, reacts: all }) => [
									name,
									reacts(all.find((each) => each.type === type)?.trigger ?? ''),
								])}
								markOf={markOf}
							/>
						</span>
					</li>
				))}
			</ul>
		</section>
	);
}

interface EndsProps {
	readonly word: string;
	/** The functions with their lines to the event type. */
	readonly ends: readonly (readonly [name: string, wire: string])[];
	readonly markOf: (wire: string) => string | undefined;
}

function Ends({ word, ends, markOf }: EndsProps) {
	const text = useWords();
	return (
		<span>
			<span className="unseen">{word} </span>
			{ends.length === 0 && text.nobody}
			{ends.map(([name, wire], index) => (
				<span key={wire}>
					{index > 0 && ', '}
					<span className="map-end" data-wire={wire} data-lit={markOf(wire)}>
						{name}
					</span>
				</span>
			))}
		</span>
	);
}
