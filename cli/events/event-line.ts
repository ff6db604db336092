import { styleText } from 'node:util';
import { eventTypeOf } from '../../eventing/catalog/catalog.ts';

/** The parts of an event of the log that its line shows. */
export interface Logged {
	readonly type: string;
	/** Absent if only others see it: the command is not signed in. */
	readonly subject?: string;
	readonly source: string;
	readonly time: string;
	readonly relays: number;
	readonly relay_after: string | null;
	readonly deliveries: readonly {
		readonly function: string;
		readonly status: 'pending' | 'failing' | 'handled' | 'dead' | 'discarded';
		readonly attempts: number;
		/** The earliest time of the Broker's next attempt, if it is known. */
		readonly retry_after: string | null;
		/** While the function is broken on purpose. */
		readonly drill_until: string | null;
		readonly resolution: 'replayed' | 'discarded' | null;
	}[];
}

const colours = { pending: 'yellow', failing: 'red', handled: 'green', dead: 'red', discarded: 'dim' } as const;

/** Returns the line of an event: who published it, and how each delivery stands. */
export function lineOf({ time, type, subject, source, relays, relay_after, deliveries }: Logged): string {
	const stream = process.stdout;
	const seen = deliveries.map(({ function: fn, status, attempts, retry_after, drill_until, resolution }) => {
		const isWaiting = status === 'pending' || status === 'failing';
		const more = [
			...(status === 'handled' && resolution === 'discarded' ? ['after it was discarded'] : []),
			...(attempts > 1 || (attempts === 1 && status !== 'handled')
				? [`${attempts} attempt${attempts === 1 ? '' : 's'}`]
				: []),
			...(relays > 0 ? [`relayed ${relays}×`] : []),
			...(drill_until === null ? [] : [`broken on purpose until ${drill_until}`]),
			...(retry_after === null ? [] : [`retried from ${retry_after}`]),
			...(isWaiting && relay_after !== null ? [`relayed again from ${relay_after}`] : []),
		];
		return `${fn} ${styleText(colours[status], status, { stream })}${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
	});
	const from = source.slice(source.lastIndexOf('/') + 1);
	const what = styleText('bold', eventTypeOf(type), { stream });
	return `${time}  ${subject === undefined ? what : `${what} ${subject}`} from ${from} → ${seen.join(', ') || 'no recipient'}`;
}
