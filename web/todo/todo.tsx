import { words } from '../language.ts';
import { Screen } from '../ui/screen.tsx';
import { Notepad } from './notepad.tsx';
import { Weather } from './weather/weather.tsx';

const useWords = words(
	{ title: 'To-do', lead: 'Your list for the day, and the weather to plan it by.' },
	{ title: 'À faire', lead: 'Votre liste du jour, et la météo pour vous organiser.' },
);

export default function Todo() {
	const text = useWords();
	return (
		<Screen title={text.title} lead={text.lead}>
			<div className="floor todo-floor">
				<Notepad />
				<Weather />
			</div>
		</Screen>
	);
}
