import { useMemo } from 'react';
import { Link } from 'wouter';
import type { FunctionShape, FunctionState } from '../../functions/info/api.ts';
import { shortType } from '../events/naming.ts';
import { words } from '../language.ts';
import { type Box, layOut } from './layout.ts';
import type { Lights } from './lights.ts';
import { around, lane, reacts } from './wires.ts';

const useWords = words(
	{
		label: 'Map of the functions and events',
		houses: 'Functions',
		street: 'Events',
		broker: 'Broker',
		deadLetters: 'dead letters',
		zero: 'at zero',
		starting: 'starting',
		ready: 'ready',
		failing: 'failing',
		drill: 'drill',
	},
	{
		label: 'Plan des fonctions et des événements',
		houses: 'Fonctions',
		street: 'Événements',
		broker: 'Broker',
		deadLetters: 'lettres mortes',
		zero: 'à zéro',
		starting: 'démarre',
		ready: 'prête',
		failing: 'en échec',
		drill: 'exercice',
	},
);

interface Props {
	readonly shapes: readonly FunctionShape[];
	readonly states: readonly FunctionState[];
	readonly lights: Lights;
	/** The functions with an active drill, or `broker`. */
	readonly drilled: ReadonlySet<string>;
	/** The function or event type in the URL. */
	readonly chosen: string | undefined;
	/** The highlighted function or event type. */
	readonly shown: string | undefined;
	readonly onPoint: (what: string | undefined) => void;
}

const placed = ({ x, y, width, height }: Box) => ({ left: x, top: y, width, height });

/** Returns the state of a function: that of its most active target. */
const stateOf = (targets: readonly FunctionState[]): FunctionState['state'] =>
	(['ready', 'starting'] as const).find((each) => targets.some(({ state }) => state === each)) ?? 'zero';

export function Plan({ shapes, states, lights, drilled, chosen, shown, onPoint }: Props) {
	const text = useWords();
	const layout = useMemo(() => layOut(shapes), [shapes]);
	const near = useMemo(() => (shown === undefined ? undefined : around(shapes, shown)), [shapes, shown]);
	const targets = Map.groupBy(states, (state) => state.function);
	const troubled = new Set([...lights.troubled].map(reacts));
	const failing = new Set(
		shapes.flatMap((shape) =>
			shape.reacts.flatMap(({ type, trigger }) => (lights.troubled.has(trigger) ? [shape.name, type] : [])),
		),
	);
	const markOf = (wire: string): string | undefined =>
		troubled.has(wire) ? 'failing' : lights.lit.has(wire) ? 'lit' : undefined;
	const linked = (what: string) => ({
		href: chosen === what ? '/map' : `/map?at=${encodeURIComponent(what)}`,
		'aria-current': chosen === what ? ('true' as const) : undefined,
		'data-near': near?.has(what),
		onPointerEnter: () => onPoint(what),
		onPointerLeave: () => onPoint(undefined),
		onFocus: () => onPoint(what),
		onBlur: () => onPoint(undefined),
	});
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
					{layout.houses.map((house) => {
						const own = targets.get(house.name) ?? [];
						return (
							<li key={house.name}>
								<Link
									{...linked(house.name)}
									className="map-house"
									style={placed(house)}
									data-function={house.name}
									data-state={stateOf(own)}
									data-lit={failing.has(house.name) ? 'failing' : undefined}
								>
									<span className="map-name">{house.name}</span>
									<span className="unseen">, {text[stateOf(own)]}</span>
									{failing.has(house.name) && <span className="unseen">, {text.failing}</span>}
									{drilled.has(house.name) && <span className="map-drill">{text.drill}</span>}
									<span className="map-panes" aria-hidden="true">
										{own.map((target) => (
											<span key={target.name} className="pane" data-state={target.state} />
										))}
									</span>
								</Link>
							</li>
						);
					})}
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
