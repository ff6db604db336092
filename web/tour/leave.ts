import { news } from '../api/news.ts';
import { tidyUp } from './drill.ts';
import { currentProgress, note } from './progress.ts';

/** Ends what the tour has begun, in the background. A tour that is left with billing broken continues where it broke it. */
export function leave(): void {
	const { broken, replayed } = currentProgress();
	if (broken && !replayed) note({ step: 'break' });
	mend();
}

/** Repairs billing, in the background, if the tour has broken it. */
export function mend(): void {
	const { broken } = currentProgress();
	if (!broken) return;
	note({ broken: undefined });
	tidyUp(broken).catch(sayItEnds);
}

/** Says that a drill which could not be ended, as after a sign-out, ends by itself. */
const sayItEnds = (): void =>
	news.set({
		text: {
			en: 'The tour could not repair billing. The drill ends by itself within two minutes.',
			fr: 'La visite n’a pas pu réparer billing. L’exercice finit tout seul d’ici deux minutes.',
		},
		href: '/drill',
	});
