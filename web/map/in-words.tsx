import type { FunctionShape } from '../../functions/info/api.ts';
import { shortType } from '../events/naming.ts';
import { words } from '../language.ts';
import { Table } from '../ui/table.tsx';
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
		wakes: (operation: string, services: string) => `${operation} wakes ${services} ahead`,
		schedule: (cron: string) => `woken at ${cron} UTC`,
		deadLetters: 'stores the dead letters',
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
		wakes: (operation: string, services: string) => `${operation} réveille d’avance ${services}`,
		schedule: (cron: string) => `réveillée à ${cron} UTC`,
		deadLetters: 'conserve les lettres mortes',
	},
);

export function InWords({ shapes }: { readonly shapes: readonly FunctionShape[] }) {
	const text = useWords();
	const listed = (each: readonly string[]): string => each.join(', ') || '–';
	const named = (found: readonly FunctionShape[]): string => listed(found.map(({ name }) => name));
	const functions = shapes.map(({ name, calls, emits, reacts, wakes, schedule, dead_letters }) => ({
		key: name,
		cells: [
			name,
			listed(calls),
			listed(emits.map(shortType)),
			listed(reacts.map(({ type }) => shortType(type))),
			listed([
				...wakes.map(({ operation, services }) => text.wakes(operation, listed(services))),
				...(schedule ? [text.schedule(schedule)] : []),
				...(dead_letters ? [text.deadLetters] : []),
			]),
		],
	}));
	const events = typesOf(shapes).map((type) => ({
		key: type,
		cells: [shortType(type), named(emittersOf(shapes, type)), named(reactorsOf(shapes, type))],
	}));
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
