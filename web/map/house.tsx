import type { CSSProperties } from 'react';
import { Link } from 'wouter';
import { words } from '../language.ts';
import { type marksOf, type Shown, stateOf } from './marks.ts';

const useWords = words(
	{ zero: 'at zero', starting: 'starting', ready: 'ready', failing: 'failing', drill: 'drill' },
	{ zero: 'à zéro', starting: 'démarre', ready: 'prête', failing: 'en échec', drill: 'exercice' },
);

interface Props extends Pick<Shown, 'states' | 'drilled'> {
	readonly name: string;
	readonly marks: ReturnType<typeof marksOf>;
	readonly style?: CSSProperties;
}

/** A function on the map, with a pane for each target. */
export function House({ name, states, drilled, marks: { linked, failing }, style }: Props) {
	const text = useWords();
	const own = states.filter((state) => state.function === name);
	return (
		<Link
			{...linked(name)}
			className="map-house"
			style={style}
			data-function={name}
			data-state={stateOf(own)}
			data-lit={failing.has(name) ? 'failing' : undefined}
		>
			<span className="map-name">{name}</span>
			<span className="unseen">, {text[stateOf(own)]}</span>
			{failing.has(name) && <span className="unseen">, {text.failing}</span>}
			{drilled.has(name) && <span className="map-drill">{text.drill}</span>}
			<span className="map-panes" aria-hidden="true">
				{own.map((target) => (
					<span key={target.name} className="pane" data-state={target.state} />
				))}
			</span>
		</Link>
	);
}
