import { words } from '../language.ts';
import { Screen } from '../ui/screen.tsx';
import { Notepad } from './notepad.tsx';
import { Weather } from './weather/weather.tsx';

const useWords = words(
	{ title: 'To-do', lead: 'What there is to do, and what the sky has to say about it.' },
	{ title: 'À faire', lead: 'Ce qu’il y a à faire, et ce que le ciel en pense.' },
);

export function Todo() {
	const text = useWords();
	return (
		<Screen title={text.title} lead={text.lead}>
			<div className="todo-floor">
				<Notepad />
				<Weather />
			</div>
		</Screen>
	);
}
