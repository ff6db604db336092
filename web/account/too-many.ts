import { Problem } from '../api/problem.ts';
import { words } from '../language.ts';

const useWords = words(
	{
		later: 'Too many attempts. Please try again later.',
		in: (minutes: number) =>
			`Too many attempts. Please try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
	},
	{
		later: 'Trop d’essais. Réessayez plus tard.',
		in: (minutes: number) => `Trop d’essais. Réessayez dans ${minutes === 1 ? 'une minute' : `${minutes} minutes`}.`,
	},
);

/** Returns a function that returns a message for status 429, and undefined for any other error. */
export function useTooMany(): (error: Error) => string | undefined {
	const text = useWords();
	return (error) => {
		if (!(error instanceof Problem && error.status === 429)) return undefined;
		return error.retryAfter === undefined ? text.later : text.in(Math.ceil(error.retryAfter / 60));
	};
}
