import { useEffect, useState } from 'react';
import { refresh } from '../api/query.ts';
import { words } from '../language.ts';

const useWords = words(
	{ ends: 'By itself it ends in', ending: 'It is ending by itself.' },
	{ ends: 'Cela finit de soi-même dans', ending: 'Cela finit de soi-même.' },
);

/** How long a drill goes on, second by second; at its end the drills are asked for again. Not to be listened to. */
export function Countdown({ to }: { readonly to: string }) {
	const text = useWords();
	const [now, setNow] = useState(Date.now);
	const left = Math.max(0, Math.ceil((Date.parse(to) - now) / 1000));
	useEffect(() => {
		const timer = setInterval(() => {
			setNow(Date.now());
			// The shop's clock may be a little behind, so until it agrees.
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
