import { words } from '../language.ts';
import { Button } from './button.tsx';
import { useSearched } from './search.tsx';

const useWords = words(
	{ none: (searched: string) => `Nothing here has “${searched}” in it.`, all: 'Show all' },
	{ none: (searched: string) => `Rien ici ne contient « ${searched} ».`, all: 'Tout afficher' },
);

interface Props {
	readonly searched: string;
	/** How the address calls it. */
	readonly name?: string;
}

/** That a search has found nothing, and the way back to all there is. */
export function NothingFound({ searched, name }: Props) {
	const text = useWords();
	const [, search] = useSearched(name);
	return (
		<div className="empty stack">
			<p>{text.none(searched)}</p>
			<p>
				<Button
					onClick={() => {
						// The button goes away with what it stands below; the field stays.
						document.querySelector<HTMLInputElement>('search input')?.focus();
						search('');
					}}
				>
					{text.all}
				</Button>
			</p>
		</div>
	);
}
