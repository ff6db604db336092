import { useSearchParams } from 'wouter';
import { useAnswer } from '../../api/query.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { Search, useSearched, withParam } from '../../ui/search.tsx';
import { useStatusWords } from '../event/delivery-stamps.tsx';
import type { Filters } from '../filter.ts';
import { TypeSelect } from './type-select.tsx';

const useWords = words(
	{
		subject: 'Subject',
		function: 'Function',
		all: 'all functions',
		status: 'Status',
		any: 'any status',
		trace: (id: string) => `Not only trace ${id}`,
	},
	{
		subject: 'Sujet',
		function: 'Fonction',
		all: 'toutes les fonctions',
		status: 'État',
		any: 'tous les états',
		trace: (id: string) => `Pas seulement la trace ${id}`,
	},
);

/** Returns the filters in the URL, which is thus a link to them. */
export function useFilters(): Filters {
	const [params] = useSearchParams();
	const [subject] = useSearched('subject');
	const status = params.get('status') as Filters['status'];
	return {
		type: params.get('type') || undefined,
		subject,
		function: params.get('function') || undefined,
		status: status || undefined,
		trace: params.get('trace') || undefined,
	};
}

export function FilterFields({ filters }: { readonly filters: Filters }) {
	const text = useWords();
	const said = useStatusWords();
	const [, setParams] = useSearchParams();
	const { data: functions = [] } = useAnswer('GET /api/map');
	const set = (name: string, value: string): void => setParams((before) => withParam(before, name, value));
	const taking = functions.filter(({ emits, reacts }) => emits.length + reacts.length > 0).map(({ name }) => name);
	const names = [...new Set([...taking, ...(filters.function ? [filters.function] : [])])].sort();
	return (
		<div className="events-filters">
			<TypeSelect value={filters.type} onChange={(type) => set('type', type)} />
			<Select
				label={text.function}
				value={filters.function ?? ''}
				onChange={({ target }) => set('function', target.value)}
			>
				<option value="">{text.all}</option>
				{names.map((name) => (
					<option key={name}>{name}</option>
				))}
			</Select>
			<Select label={text.status} value={filters.status ?? ''} onChange={({ target }) => set('status', target.value)}>
				<option value="">{text.any}</option>
				{Object.entries(said).map(([status, word]) => (
					<option key={status} value={status}>
						{word}
					</option>
				))}
			</Select>
			<Search label={text.subject} name="subject" />
			{filters.trace && (
				<Button onClick={() => set('trace', '')}>
					{text.trace(filters.trace.slice(0, 8))} <span aria-hidden="true">×</span>
				</Button>
			)}
		</div>
	);
}
