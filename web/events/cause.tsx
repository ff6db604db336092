import type { CSSProperties } from 'react';
import type { LoggedEvent } from '../../functions/event-log/api.ts';
import { words } from '../language.ts';
import { shortType } from './naming.ts';

type Origin = LoggedEvent['origin'];

const useWords = words({ hidden: 'private' }, { hidden: 'confidentiel' });

/** Returns a hue in degrees, the same for everything that an order has caused. Those of consecutive numbers lie far apart. */
export function hueOf({ id, subject }: Origin): number {
	const name = subject ?? id;
	let number = /^\d{1,9}$/.test(name) ? Number(name) : 0;
	// FNV-1a of a text.
	if (number === 0)
		for (const character of name) number = Math.imul(number ^ character.charCodeAt(0), 16_777_619) >>> 0;
	// The golden angle.
	return Math.round((number * 137.508) % 360);
}

/** Returns the style that gives an element the colour of an event's cause, as `--cause`. */
export const colourOf = (origin: Origin): CSSProperties => ({ '--hue': hueOf(origin) }) as CSSProperties;

/** The cause of events in its colour, with its name, because a colour alone says nothing to many: `order 7`. */
export function Cause({ origin }: { readonly origin: Origin }) {
	const text = useWords();
	const [thing] = shortType(origin.type).split('.');
	return (
		<span className="cause" style={colourOf(origin)}>
			{thing} {origin.subject ?? text.hidden}
		</span>
	);
}
