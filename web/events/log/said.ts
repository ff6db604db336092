import { useEffect, useRef } from 'react';
import type { LoggedEvent } from '../../../functions/event-log/api.ts';
import { words } from '../../language.ts';
import { announce } from '../../ui/announce.tsx';
import { shortType } from '../naming.ts';

const useWords = words(
	{ came: (events: string) => `New: ${events}` },
	{ came: (events: string) => `Nouveau : ${events}` },
);

/** Announces new events at the top of a list, newest first, to screen readers. */
export function useSaid(events: readonly LoggedEvent[] | undefined): void {
	const text = useWords();
	const newest = useRef<string>(undefined);
	useEffect(() => {
		if (!events) return;
		const before = newest.current;
		newest.current = events[0]?.id ?? '';
		const came = before === undefined ? [] : events.filter(({ id }) => id > before);
		if (came.length > 0)
			announce(text.came(came.map(({ type, subject }) => [shortType(type), subject].join(' ').trim()).join(', ')));
	}, [events, text]);
}
