import { useEffect, useState } from 'react';
import { refresh } from '../../api/query.ts';
import { words } from '../../language.ts';

const useWords = words(
	{ ends: 'It ends automatically in', ending: 'It is ending…' },
	{ ends: 'Fin automatique dans', ending: 'Fin en cours…' },
);

/** Counts down to the end of a drill, then refetches the drills. Screen readers do not read it aloud. */
export function Countdown({ to }: { readonly to: string }) {
	const text = useWords();
	const [now, setNow] = useState(Date.now);
	const left = Math.max(0, Math.ceil((Date.parse(to) - now) / 1000));
	useEffect(() => {
		const timer = setInterval(() => {
			setNow(Date.now());
			// The shop's clock can be a little behind, so refetch until the drill has ended.
			if (Date.now() >= Date.parse(to)) refresh('GET /api/drills');
		}, 1000);
		return () => clearInterval(timer);
	}, [to]);
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
