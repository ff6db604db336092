import { connected } from '../api/send.ts';
import { useStore } from '../api/store.ts';
import { words } from '../language.ts';

const useWords = words(
	{ lost: 'Can’t reach the shop. This page keeps trying and continues where you left off.' },
	{ lost: 'La boutique est injoignable. Cette page continue d’essayer et reprendra là où vous en étiez.' },
);

export function Connection() {
	const text = useWords();
	const lost = !useStore(connected);
	return (
		<p className="connection" role="status" hidden={!lost}>
			{lost && text.lost}
		</p>
	);
}
