import { Link } from 'wouter';
import { touring } from '../app/touring.ts';
import { words } from '../language.ts';
import { Button } from '../ui/button.tsx';
import { leave } from './leave.ts';
import { startOver } from './progress.ts';

const useWords = words(
	{
		intro: 'Billing is repaired and the lights go out by themselves. From here:',
		map: 'the map of all functions and events',
		code: 'inside a function: its code, log and settings',
		drill: 'more faults to inject',
		finish: 'Finish',
	},
	{
		intro: 'Billing est réparée, et les lumières s’éteignent toutes seules. Pour aller plus loin :',
		map: 'le plan de toutes les fonctions et de leurs événements',
		code: 'l’intérieur d’une fonction : code, journal et réglages',
		drill: 'd’autres pannes à provoquer',
		finish: 'Terminer',
	},
);

export function EndStep() {
	const text = useWords();
	const finish = (): void => {
		leave();
		startOver();
		touring.set('off');
		document.getElementById('main')?.focus();
	};
	return (
		<>
			<p>{text.intro}</p>
			<ul>
				<li>
					<Link href="/map">{text.map}</Link>
				</li>
				<li>
					<Link href="/functions/orders">{text.code}</Link>
				</li>
				<li>
					<Link href="/drill">{text.drill}</Link>
				</li>
			</ul>
			<div className="row">
				<Button kind="main" onClick={finish}>
					{text.finish}
				</Button>
			</div>
		</>
	);
}
