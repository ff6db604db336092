import { Link, useParams } from 'wouter';
import type { FunctionShape, FunctionState } from '../../../functions/info/api.ts';
import { useAnswer } from '../../api/query.ts';
import { useFunctions } from '../../app/skyline.tsx';
import { words } from '../../language.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Code } from './code.tsx';
import { Connections } from './connections.tsx';
import { Durations } from './durations.tsx';
import { Invoke } from './invoke.tsx';
import { Log } from './log.tsx';
import { Now } from './now.tsx';
import { Scaling } from './scaling.tsx';

const useWords = words(
	{
		title: (name: string) => `Function ${name}`,
		all: 'All functions',
		unknown: (name: string) => `There is no function “${name}”.`,
	},
	{
		title: (name: string) => `Fonction ${name}`,
		all: 'Toutes les fonctions',
		unknown: (name: string) => `Il n’y a pas de fonction « ${name} ».`,
	},
);

/** The page of one function: what it does now, what it is made of, and what can be done with it. */
export default function FunctionWindow() {
	const text = useWords();
	const { name = '' } = useParams();
	const map = useAnswer('GET /api/map');
	const states = useFunctions();
	const shape = map.data?.find((each) => each.name === name);
	return (
		<Screen
			title={text.title(name)}
			lead={shape && <span lang="en">{shape.purpose}</span>}
			aside={<Link href="/functions">{text.all}</Link>}
		>
			<Loaded query={map}>
				{(shapes) =>
					shape ? (
						<Parts
							key={name}
							shape={shape}
							shapes={shapes}
							targets={states.data?.filter((state) => state.function === name) ?? []}
							now={states.dataUpdatedAt}
						/>
					) : (
						<p>{text.unknown(name)}</p>
					)
				}
			</Loaded>
		</Screen>
	);
}

interface Props {
	readonly shape: FunctionShape;
	readonly shapes: readonly FunctionShape[];
	readonly targets: readonly FunctionState[];
	/** When `targets` was fetched, in Unix milliseconds. */
	readonly now: number;
}

function Parts({ shape, shapes, targets, now }: Props) {
	const params = { name: shape.name };
	const detail = useAnswer('GET /api/functions/:name', { params }, { every: 1_500 });
	const code = useAnswer('GET /api/functions/:name/code', { params });
	return (
		<>
			<div className="facets">
				<Now name={shape.name} targets={targets} services={detail.data?.services} now={now} />
				<Durations query={detail} />
				<Connections shape={shape} shapes={shapes} />
				<Scaling query={detail} name={shape.name} />
			</div>
			{shape.path && <Invoke query={code} />}
			<Log name={shape.name} platform={detail.data?.platform} />
			<Code query={code} name={shape.name} />
		</>
	);
}
