import { words } from '../language.ts';
import { Screen } from '../ui/screen.tsx';
import { Calculator } from './calculator.tsx';
import { Statistics } from './statistics.tsx';

const useWords = words(
	{ title: 'Numbers', lead: 'A calculator that is exact to the last digit, and statistics for any list of numbers.' },
	{
		title: 'Nombres',
		lead: 'Une calculatrice exacte jusqu’au dernier chiffre, et des statistiques sur n’importe quelle liste de nombres.',
	},
);

export default function Numbers() {
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
