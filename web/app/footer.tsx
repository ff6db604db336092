import { Link } from 'wouter';
import { words } from '../language.ts';
import { TourButton } from './tour.tsx';

const useWords = words(
	{
		same: 'Straight from the API:',
		docs: 'API reference',
		events: 'events',
		functions: 'functions',
		info: 'about this shop',
	},
	{
		same: 'Directement depuis l’API :',
		docs: 'référence de l’API',
		events: 'événements',
		functions: 'fonctions',
		info: 'à propos',
	},
);

export function Footer() {
	const text = useWords();
	return (
		<footer>
			<p>{text.same}</p>
			<ul>
				<li>
					<Link href="/reference">{text.docs}</Link>
				</li>
				{(['functions', 'events', 'info'] as const).map((path) => (
					<li key={path}>
						<a href={`/api/${path}`}>{text[path]}</a>
					</li>
				))}
			</ul>
			<TourButton />
		</footer>
	);
}
