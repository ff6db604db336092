import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { FunctionShape } from '../../functions/info/api.ts';
import { shortType } from '../events/naming.ts';
import { words } from '../language.ts';
import { emittersOf, reactorsOf, typesOf } from './wires.ts';

const useWords = words(
	{
		title: 'Details',
		hint: 'Point at a house or an event, or press Tab to reach it: its neighbours stand out, and its details appear here.',
		calls: 'Calls',
		calledBy: 'Called by',
		emits: 'Publishes',
		reacts: 'Reacts to',
		emitters: 'Published by',
		reactors: 'Handled by',
		wakes: 'Wakes ahead',
		schedule: 'Woken at',
		deadLetters: 'Stores the dead letters of every trigger.',
		data: 'Has its own tables.',
		toFunction: 'See this function',
		toEvents: 'See these events',
		nobody: 'no function',
	},
	{
		title: 'Détails',
		hint: 'Pointez une maison ou un événement, ou allez-y avec la touche Tab : ses voisins ressortent, et ses détails s’affichent ici.',
		calls: 'Appelle',
		calledBy: 'Appelée par',
		emits: 'Publie',
		reacts: 'Réagit à',
		emitters: 'Publié par',
		reactors: 'Traité par',
		wakes: 'Réveille d’avance',
		schedule: 'Réveillée à',
		deadLetters: 'Conserve les lettres mortes de chaque trigger.',
		data: 'A ses propres tables.',
		toFunction: 'Voir cette fonction',
		toEvents: 'Voir ces événements',
		nobody: 'aucune fonction',
	},
);

interface Props {
	readonly shapes: readonly FunctionShape[];
	/** A function name or an event type. */
	readonly shown: string | undefined;
}

export function Detail({ shapes, shown }: Props) {
	const text = useWords();
	const shape = shapes.find(({ name }) => name === shown);
	const type = typesOf(shapes).find((each) => each === shown);
	return (
		<section
			className="map-detail card stack"
			aria-labelledby="map-detail"
			data-shown={shape || type ? true : undefined}
		>
			<h2 id="map-detail">{shape?.name ?? (type && shortType(type)) ?? text.title}</h2>
			{shape ? (
				<OfFunction shape={shape} shapes={shapes} />
			) : type ? (
				<OfType type={type} shapes={shapes} />
			) : (
				<p className="quiet">{text.hint}</p>
			)}
		</section>
	);
}

function OfFunction({ shape, shapes }: { readonly shape: FunctionShape; readonly shapes: readonly FunctionShape[] }) {
	const text = useWords();
	const { name, purpose, path, calls, emits, reacts, wakes, schedule } = shape;
	const calledBy = shapes.filter((other) => other.calls.includes(name)).map((other) => other.name);
	return (
		<>
			<p lang="en">{purpose}</p>
			<dl className="map-facts small">
				{path && <Fact term="HTTP">{<code>{path}</code>}</Fact>}
				{calledBy.length > 0 && <Fact term={text.calledBy}>{calledBy.join(', ')}</Fact>}
				{calls.length > 0 && <Fact term={text.calls}>{calls.join(', ')}</Fact>}
				{emits.length > 0 && <Fact term={text.emits}>{emits.map(shortType).join(', ')}</Fact>}
				{reacts.length > 0 && <Fact term={text.reacts}>{reacts.map(({ type }) => shortType(type)).join(', ')}</Fact>}
				{wakes.length > 0 && (
					<Fact term={text.wakes}>
						{wakes.map(({ operation, services }) => (
							<div key={operation}>
								<code>{operation}</code>: {services.join(', ')}
							</div>
						))}
					</Fact>
				)}
				{schedule && (
					<Fact term={text.schedule}>
						<code>{schedule}</code> UTC
					</Fact>
				)}
			</dl>
			<p className="small">
				{[shape.data && text.data, shape.dead_letters && text.deadLetters].filter(Boolean).join(' ')}
			</p>
			<p>
				<Link href={`/functions/${name}`}>{text.toFunction}</Link>
			</p>
		</>
	);
}

function OfType({ type, shapes }: { readonly type: string; readonly shapes: readonly FunctionShape[] }) {
	const text = useWords();
	const named = (found: readonly FunctionShape[]): string => found.map(({ name }) => name).join(', ') || text.nobody;
	return (
		<>
			<p>
				<code>{type}</code>
			</p>
			<dl className="map-facts small">
				<Fact term={text.emitters}>{named(emittersOf(shapes, type))}</Fact>
				<Fact term={text.reactors}>{named(reactorsOf(shapes, type))}</Fact>
			</dl>
			<p>
				<Link href={`/events?type=${encodeURIComponent(type)}`}>{text.toEvents}</Link>
			</p>
		</>
	);
}

const Fact = ({ term, children }: { readonly term: string; readonly children: ReactNode }) => (
	<div>
		<dt>{term}</dt>
		<dd>{children}</dd>
	</div>
);
