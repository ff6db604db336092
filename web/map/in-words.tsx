import type { FunctionShape } from '../../functions/info/api.ts';
import { shortType } from '../events/naming.ts';
import { words } from '../language.ts';
import { emittersOf, reactorsOf, typesOf } from './wires.ts';

const useWords = words(
	{
		summary: 'As tables',
		functions: 'Functions',
		events: 'Events',
		name: 'Function',
		calls: 'Calls',
		emits: 'Publishes',
		reacts: 'Reacts to',
		also: 'Also',
		type: 'Event',
		emitters: 'Published by',
		reactors: 'Handled by',
		schedule: (cron: string) => `woken at ${cron} UTC`,
		deadLetters: 'stores the dead letters',
		none: '–',
	},
	{
		summary: 'En tableaux',
		functions: 'Fonctions',
		events: 'Événements',
		name: 'Fonction',
		calls: 'Appelle',
		emits: 'Publie',
		reacts: 'Réagit à',
		also: 'Et aussi',
		type: 'Événement',
		emitters: 'Publié par',
		reactors: 'Traité par',
		schedule: (cron: string) => `réveillée à ${cron} UTC`,
		deadLetters: 'conserve les lettres mortes',
		none: '–',
	},
);

/** The accessible table version of the map. */
export function InWords({ shapes }: { readonly shapes: readonly FunctionShape[] }) {
	const text = useWords();
	const listed = (each: readonly string[]): string => each.join(', ') || text.none;
	const functions = shapes.map(({ name, calls, emits, reacts, schedule, dead_letters }) => [
		name,
		listed(calls),
		listed(emits.map(shortType)),
		listed(reacts.map(({ type }) => shortType(type))),
		listed([...(schedule ? [text.schedule(schedule)] : []), ...(dead_letters ? [text.deadLetters] : [])]),
	]);
	const events = typesOf(shapes).map((type) => [
		shortType(type),
		listed(emittersOf(shapes, type).map(({ name }) => name)),
		listed(reactorsOf(shapes, type).map(({ name }) => name)),
	]);
	return (
		<details>
			<summary>{text.summary}</summary>
			<div className="stack">
				<Table
					label={text.functions}
					heads={[text.name, text.calls, text.emits, text.reacts, text.also]}
					rows={functions}
				/>
				<Table label={text.events} heads={[text.type, text.emitters, text.reactors]} rows={events} />
			</div>
		</details>
	);
}

interface TableProps {
	readonly label: string;
	readonly heads: readonly string[];
	/** The first cell of each row is its header. */
	readonly rows: readonly (readonly string[])[];
}

function Table({ label, heads, rows }: TableProps) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be keyboard-focusable
		<section className="scroll" tabIndex={0} aria-label={label}>
			<table className="table">
				<thead>
					<tr>
						{heads.map((head) => (
							<th key={head} scope="col">
								{head}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map(([name, ...cells]) => (
						<tr key={name}>
							<th scope="row">{name}</th>
							{cells.map((cell, index) => (
								<td key={heads[index + 1]}>{cell}</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}
