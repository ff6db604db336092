import { words } from '../language.ts';
import { Button } from './button.tsx';
import { useSearched } from './search.tsx';

const useWords = words(
	{ none: (searched: string) => `No results for “${searched}”.`, all: 'Show all' },
	{ none: (searched: string) => `Aucun résultat pour « ${searched} ».`, all: 'Tout afficher' },
);

/** @param name the URL parameter that stores the search */
export function NothingFound({ searched, name }: { readonly searched: string; readonly name?: string }) {
	const text = useWords();
	const [, search] = useSearched(name);
	return (
		<div className="empty stack">
			<p>{text.none(searched)}</p>
			<p>
				<Button
					onClick={() => {
						// Move the focus to the search field, because the button disappears.
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
