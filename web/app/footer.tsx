import { words } from '../language.ts';

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
					<a href="/api/docs">{text.docs}</a>
				</li>
				<li>
					<a href="/api/functions">{text.functions}</a>
				</li>
				<li>
					<a href="/api/events">{text.events}</a>
				</li>
				<li>
					<a href="/api/info">{text.info}</a>
				</li>
			</ul>
		</footer>
	);
}
