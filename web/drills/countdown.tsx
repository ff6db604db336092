import { useEffect, useState } from 'react';
import { refresh } from '../api/query.ts';
import { words } from '../language.ts';

const useWords = words(
	{ ends: 'It ends automatically in', ending: 'It is ending…' },
	{ ends: 'Fin automatique dans', ending: 'Fin en cours…' },
);

/**
 * Counts down to the end of a drill, then refetches the drills. Screen readers do not read it aloud.
 * @param seconds the time left when the shop answered, because the clock of this device can differ from the shop's
 */
export function Countdown({ seconds }: { readonly seconds: number }) {
	const text = useWords();
	const [left, setLeft] = useState(Math.ceil(seconds));
	useEffect(() => {
		const end = performance.now() + 1000 * seconds;
		const tick = (): void => {
			const now = Math.max(0, Math.ceil((end - performance.now()) / 1000));
			setLeft(now);
			// The answer took a moment, so refetch until the drill has ended.
			if (now === 0) refresh('GET /api/drills');
		};
		const timer = setInterval(tick, 1000);
		return () => clearInterval(timer);
	}, [seconds]);
	if (left === 0) return <span>{text.ending}</span>;
	return (
		<span role="timer" aria-live="off">
			{text.ends}{' '}
			<b className="figures">
				{Math.floor(left / 60)}:{String(left % 60).padStart(2, '0')}
			</b>
		</span>
	);
}
