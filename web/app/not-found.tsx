import { words } from '../language.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Screen } from '../ui/screen.tsx';

const useWords = words(
	{ title: 'Nothing here', lead: 'There is no page at this address.', back: 'Back to the shop' },
	{ title: 'Il n’y a rien ici', lead: 'Il n’y a pas de page à cette adresse.', back: 'Retour à la boutique' },
);

export function NotFound() {
	const text = useWords();
	return (
		<Screen title={text.title} lead={text.lead}>
			<p>
				<ButtonLink href="/">{text.back}</ButtonLink>
			</p>
		</Screen>
	);
}
