import { words } from '../language.ts';
import { Screen } from '../ui/screen.tsx';
import { Calculator } from './calculator.tsx';
import { Statistics } from './statistics.tsx';

const useWords = words(
	{ title: 'Numbers', lead: 'A till that is right to the last digit, and a look at any heap of numbers.' },
	{
		title: 'Nombres',
		lead: 'Une caisse juste jusqu’au dernier chiffre, et un regard sur n’importe quel tas de nombres.',
	},
);

export function Numbers() {
	const text = useWords();
	return (
		<Screen title={text.title} lead={text.lead}>
			<div className="numbers">
				<Calculator />
				<Statistics />
			</div>
		</Screen>
	);
}
