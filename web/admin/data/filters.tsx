import { useRef, useState } from 'react';
import type { Column } from '../../../functions/data/api.ts';
import { words } from '../../language.ts';
import { Button } from '../../ui/button.tsx';
import { Input, Select } from '../../ui/field.tsx';
import { type Operator, operators, readFilter, takesValue, written } from './view.ts';

const useWords = words(
	{
		label: 'Filters',
		column: 'Column',
		operator: 'Condition',
		value: 'Value',
		add: 'Add filter',
		remove: (filter: string) => `Remove the filter ${filter}`,
		operators: {
			eq: '=',
			ne: '≠',
			lt: '<',
			gt: '>',
			contains: 'contains',
			'null:true': 'is null',
			'null:false': 'is not null',
		},
	},
	{
		label: 'Filtres',
		column: 'Colonne',
		operator: 'Condition',
		value: 'Valeur',
		add: 'Ajouter le filtre',
		remove: (filter: string) => `Retirer le filtre ${filter}`,
		operators: {
			eq: '=',
			ne: '≠',
			lt: '<',
			gt: '>',
			contains: 'contient',
			'null:true': 'est null',
			'null:false': 'n’est pas null',
		},
	},
);

interface Props {
	readonly columns: readonly Column[];
	/** In the form of the API: `price:gt:30`. */
	readonly filters: readonly string[];
	readonly onChange: (filters: readonly string[]) => void;
}

export function Filters({ columns, filters, onChange }: Props) {
	const text = useWords();
	const first = useRef<HTMLSelectElement>(null);
	const [column, setColumn] = useState(columns[0]?.name ?? '');
	const [operator, setOperator] = useState<Operator>('eq');
	const [value, setValue] = useState('');
	const told = (filter: string): string => {
		const { column, operator, value } = readFilter(filter) ?? {};
		return operator ? `${column} ${text.operators[operator]} ${value}`.trim() : filter;
	};
	return (
		<section className="filters" aria-label={text.label}>
			<form
				className="filters-form"
				onSubmit={(event) => {
					event.preventDefault();
					onChange([...new Set([...filters, written({ column, operator, value })])]);
					setValue('');
				}}
			>
				<Select ref={first} label={text.column} value={column} onChange={({ target }) => setColumn(target.value)}>
					{columns.map(({ name }) => (
						<option key={name}>{name}</option>
					))}
				</Select>
				<Select label={text.operator} value={operator} onChange={({ target }) => setOperator(target.value as Operator)}>
					{operators.map((each) => (
						<option key={each} value={each}>
							{text.operators[each]}
						</option>
					))}
				</Select>
				<Input
					label={text.value}
					autoComplete="off"
					disabled={!takesValue(operator)}
					value={takesValue(operator) ? value : ''}
					onChange={({ target }) => setValue(target.value)}
				/>
				<Button type="submit">{text.add}</Button>
			</form>
			{filters.length > 0 && (
				<ul className="filters-list">
					{filters.map((filter) => (
						<li key={filter} className="filter-chip">
							<span>{told(filter)}</span>
							<button
								type="button"
								aria-label={text.remove(told(filter))}
								onClick={() => {
									first.current?.focus();
									onChange(filters.filter((each) => each !== filter));
								}}
							>
								<span aria-hidden="true">×</span>
							</button>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}
