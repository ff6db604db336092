import { useMemo } from 'react';
import { Link } from 'wouter';
import { shortType } from '../events/naming.ts';
import { words } from '../language.ts';
import { House } from './house.tsx';
import { type Box, layOut } from './layout.ts';
import { marksOf, type Shown } from './marks.ts';
import { lane } from './wires.ts';

const useWords = words(
	{
		label: 'Map of the functions and events',
		houses: 'Functions',
		street: 'Events',
		broker: 'Broker',
		deadLetters: 'dead letters',
		failing: 'failing',
		drill: 'drill',
	},
	{
		label: 'Plan des fonctions et des événements',
		houses: 'Fonctions',
		street: 'Événements',
		broker: 'Broker',
		deadLetters: 'lettres mortes',
		failing: 'en échec',
		drill: 'exercice',
	},
);

const placed = ({ x, y, width, height }: Box) => ({ left: x, top: y, width, height });

/** The wide form of the map: houses, lanes and the lines between them. */
export function Plan(props: Shown) {
	const text = useWords();
	const { shapes, drilled } = props;
	const layout = useMemo(() => layOut(shapes), [shapes]);
	const marks = marksOf(props);
	const { near, failing, markOf, linked } = marks;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be keyboard-focusable
		<section className="map-frame" tabIndex={0} aria-label={text.label}>
			<div className="map" style={{ width: layout.width, height: layout.height }}>
				<div className="map-street" style={placed(layout.street)}>
					<span className="map-sign">
						{text.broker}
						{drilled.has('broker') && ` · ${text.drill}`}
					</span>
				</div>
				<svg viewBox={`0 0 ${layout.width} ${layout.height}`} aria-hidden="true">
					{layout.wires.map(({ key, kind, path }) => (
						<path
							key={key}
							className="wire"
							d={path}
							data-wire={key}
							data-kind={kind}
							data-near={near?.has(key)}
							data-lit={markOf(key)}
						/>
					))}
					{layout.notes.map(({ kind, text: cron, x, y }) =>
						kind === 'schedule' ? (
							<g key={`${kind}${x}`} className="map-clock">
								<circle cx={x} cy={y} r="8" />
								<path d={`M${x} ${y - 5}V${y}L${x + 4} ${y}`} />
								<text x={x} y={y + 26} textAnchor="middle">
									{cron}
								</text>
							</g>
						) : (
							<text key={`${kind}${x}`} x={x + 8} y={y}>
								{text.deadLetters}
							</text>
						),
					)}
				</svg>
				<ul aria-label={text.houses}>
					{layout.houses.map((house) => (
						<li key={house.name}>
							<House {...props} name={house.name} marks={marks} style={placed(house)} />
						</li>
					))}
				</ul>
				<ul aria-label={text.street}>
					{layout.lanes.map(({ type, label }) => (
						<li key={type}>
							<Link
								{...linked(type)}
								className="map-type"
								style={placed(label)}
								data-type={type}
								data-lit={failing.has(type) ? 'failing' : markOf(lane(type))}
							>
								{shortType(type)}
								{failing.has(type) && <span className="unseen">, {text.failing}</span>}
							</Link>
						</li>
					))}
				</ul>
			</div>
		</section>
	);
}
