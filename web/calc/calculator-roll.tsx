import { useLanguage, words } from '../language.ts';
import { type Operation, signs, written } from './operation.ts';

const useWords = words(
	{ roll: 'Results so far', again: (result: string) => `Continue with ${result}` },
	{ roll: 'Résultats précédents', again: (result: string) => `Continuer avec ${result}` },
);

/** A calculation and its result, as decimal strings from the API. */
export interface Sum {
	readonly a: string;
	readonly operation: Operation;
	readonly b: string;
	readonly result: string;
}

interface Props {
	/** Newest first. */
	readonly sums: readonly Sum[];
	readonly onAgain: (result: string) => void;
}

/** The list of previous calculations. Clicking a result continues with it. */
export function CalculatorRoll({ sums, onAgain }: Props) {
	const text = useWords();
	const language = useLanguage();
	if (sums.length === 0) return null;
	return (
		<ol className="calculator-roll" aria-label={text.roll}>
			{sums.map(({ a, operation, b, result }, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: equal calculations can repeat, and items only move down
				<li key={sums.length - index}>
					<span>
						{written(a, language)} {signs[operation]} {written(b, language)} ={' '}
					</span>
					<button
						type="button"
						className="frameless"
						title={text.again(written(result, language))}
						onClick={() => onAgain(result)}
					>
						{written(result, language)}
					</button>
				</li>
			))}
		</ol>
	);
}
