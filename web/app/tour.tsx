import { lazy, Suspense } from 'react';
import { useStore } from '../api/store.ts';
import { words } from '../language.ts';
import { tours } from '../tours.ts';
import { Button } from '../ui/button.tsx';
import { touring } from './touring.ts';

const useWords = words(
	{ off: 'Take the five-minute tour', left: 'Continue the tour' },
	{ off: 'Suivre la visite (cinq minutes)', left: 'Reprendre la visite' },
);

const [load] = Object.values(tours);
const Panel = load && lazy(load);

/** The guided tour, which stays beside every screen while it is taken. */
export function Tour() {
	const state = useStore(touring);
	if (state !== 'on' || !Panel) return null;
	return (
		<Suspense>
			<Panel />
		</Suspense>
	);
}

/** Starts the guided tour, or continues the one that was left. Nothing while it is taken, or if the shop has none. */
export function TourButton() {
	const text = useWords();
	const state = useStore(touring);
	if (state === 'on' || !Panel) return null;
	return (
		<Button kind="bare" className="tour-start" onClick={() => touring.set('on')}>
			{text[state]}
		</Button>
	);
}
