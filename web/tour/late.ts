import { useEffect, useState } from 'react';

/** Returns whether something has been awaited for longer than a limit in seconds. */
export function useLate(waiting: boolean, seconds: number): boolean {
	const [late, setLate] = useState(false);
	useEffect(() => {
		setLate(false);
		if (!waiting) return undefined;
		const timer = setTimeout(() => setLate(true), 1000 * seconds);
		return () => clearTimeout(timer);
	}, [waiting, seconds]);
	return late;
}
