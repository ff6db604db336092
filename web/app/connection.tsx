import { connected } from '../api/send.ts';
import { useStore } from '../api/store.ts';
import { words } from '../language.ts';

const useWords = words(
	{ lost: 'The shop cannot be reached. This page keeps trying, and picks up where it was.' },
	{ lost: 'La boutique est injoignable. Cette page continue d’essayer et reprendra où elle en était.' },
);

/** Says once, for the whole page, that the connection is lost. */
export function Connection() {
	const text = useWords();
	const lost = !useStore(connected);
	return (
		<p className="connection" role="status" hidden={!lost}>
			{lost && text.lost}
		</p>
	);
}
