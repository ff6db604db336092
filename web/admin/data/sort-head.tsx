import type { Column } from '../../../functions/data/api.ts';
import { words } from '../../language.ts';

const useWords = words(
	{ key: 'key', nullable: 'can be null', indexed: 'index' },
	{ key: 'clé', nullable: 'peut être null', indexed: 'index' },
);

const arrows = { ascending: '▲', descending: '▼' } as const;

interface Props {
	readonly column: Column;
	/** Whether a sort by the column is fast however many rows the table has. */
	readonly isIndexed: boolean;
	readonly sort: 'ascending' | 'descending' | undefined;
	readonly onSort: () => void;
}

export function SortHead({ column: { name, type, nullable, key }, isIndexed, sort, onSort }: Props) {
	const text = useWords();
	return (
		<>
			<button type="button" className="sort-head frameless" onClick={onSort}>
				{name}
				<span aria-hidden="true" className="sort-arrow">
					{sort ? arrows[sort] : '↕'}
				</span>
			</button>
			<span className="column-type">
				{type}
				{key && ` · ${text.key}`}
				{nullable && ` · ${text.nullable}`}
				{isIndexed && ` · ${text.indexed}`}
			</span>
		</>
	);
}
