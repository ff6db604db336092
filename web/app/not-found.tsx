import { Link } from 'wouter';
import { words } from '../language.ts';
import { Screen } from '../ui/screen.tsx';

const useWords = words(
	{ title: 'Nothing here', lead: 'There is no screen at this address.', back: 'To the books' },
	{ title: 'Il n’y a rien ici', lead: 'Aucun écran à cette adresse.', back: 'Vers les livres' },
);

export function NotFound() {
	const text = useWords();
	return (
		<Screen title={text.title} lead={text.lead}>
			<p>
				<Link className="button" href="/">
					{text.back}
				</Link>
			</p>
		</Screen>
	);
}
