import { useAnswer } from '../../api/query.ts';
import { words } from '../../language.ts';
import { Select } from '../../ui/field.tsx';
import { shortType } from '../naming.ts';

const useWords = words({ type: 'Type', all: 'all types' }, { type: 'Type', all: 'tous les types' });

interface Props {
	readonly value: string | undefined;
	/** Called with the type, or with the empty string for all types. */
	readonly onChange: (type: string) => void;
}

export function TypeSelect({ value, onChange }: Props) {
	const text = useWords();
	const { data: functions = [] } = useAnswer('GET /api/map');
	const types = [...new Set([...functions.flatMap(({ emits }) => emits), ...(value ? [value] : [])])].sort();
	return (
		<Select label={text.type} value={value ?? ''} onChange={({ target }) => onChange(target.value)}>
			<option value="">{text.all}</option>
			{types.map((type) => (
				<option key={type} value={type}>
					{shortType(type)}
				</option>
			))}
		</Select>
	);
}
