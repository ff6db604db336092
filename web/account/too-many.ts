import { Problem } from '../api/problem.ts';
import { words } from '../language.ts';

const useWords = words(
	{
		later: 'There were too many attempts. Try again later.',
		in: (minutes: number) =>
			`There were too many attempts. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
	},
	{
		later: 'Il y a eu trop d’essais. Réessayez plus tard.',
		in: (minutes: number) =>
			`Il y a eu trop d’essais. Réessayez dans ${minutes === 1 ? 'une minute' : `${minutes} minutes`}.`,
	},
);

/** What to say of an error when it tells that there were too many attempts. */
export function useTooMany(): (error: Error) => string | undefined {
	const text = useWords();
	return (error) => {
		if (!(error instanceof Problem && error.status === 429)) return undefined;
		return error.retryAfter === undefined ? text.later : text.in(Math.ceil(error.retryAfter / 60));
	};
}
