import { words } from '../language.ts';
import { Button } from './button.tsx';

const useWords = words({ more: 'Show more' }, { more: 'Afficher la suite' });

interface Props {
	readonly list: { readonly hasNextPage: boolean; readonly isFetchingNextPage: boolean; fetchNextPage(): unknown };
}

export function More({ list }: Props) {
	const text = useWords();
	if (!list.hasNextPage) return null;
	return (
		<Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
			{text.more}
		</Button>
	);
}
