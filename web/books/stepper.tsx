import { words } from '../language.ts';

const useWords = words(
	{ copies: 'Copies', fewer: 'One copy fewer', more: 'One copy more' },
	{ copies: 'Exemplaires', fewer: 'Un exemplaire de moins', more: 'Un exemplaire de plus' },
);

interface Props {
	/** The typed text, which can be something other than a number. */
	readonly value: string;
	readonly onChange: (value: string) => void;
}

export function Stepper({ value, onChange }: Props) {
	const text = useWords();
	const step = (by: number): void => onChange(String(Math.max(1, (Number(value) || 0) + by)));
	return (
		<div className="stepper">
			<button type="button" className="frameless" aria-label={text.fewer} onClick={() => step(-1)}>
				−
			</button>
			<input
				type="number"
				aria-label={text.copies}
				inputMode="numeric"
				required
				min={1}
				max={50_000}
				value={value}
				onChange={({ target }) => onChange(target.value)}
			/>
			<button type="button" className="frameless" aria-label={text.more} onClick={() => step(1)}>
				+
			</button>
		</div>
	);
}
