import { useEffect, useState } from 'react';
import type { DeadLetter } from '../../functions/event-log/api.ts';
import { ask } from '../api/ask.ts';
import { Problem } from '../api/problem.ts';
import { refresh } from '../api/query.ts';
import type { Delivery } from '../events/event/delivery-stamps.tsx';

/** A dead letter that was replayed here, and what has become of it. */
export interface Replay {
	readonly letter: DeadLetter;
	/** Undefined until that is known; null for an event that the log does not have, so that nobody can tell. */
	readonly delivery: Delivery | null | undefined;
}

/** Milliseconds from one look to the next; looked at is only what is under way. */
const pause = 1_500;

export const isUnderWay = ({ delivery }: Replay): boolean =>
	delivery === undefined || delivery?.status === 'failing' || delivery?.status === 'pending';

/** What became of the dead letters that were replayed since the screen was opened, by their ids, and how to add some. */
export function useReplays(): [ReadonlyMap<string, Replay>, (letters: readonly DeadLetter[]) => void] {
	const [replays, setReplays] = useState<ReadonlyMap<string, Replay>>(new Map());
	const put = (letters: readonly DeadLetter[], delivery?: Delivery | null): void =>
		setReplays(
			(before) => new Map([...before, ...letters.map((letter) => [letter.id, { letter, delivery }] as const)]),
		);
	const underWay = [...replays.values()].filter(isUnderWay);
	const which = underWay.map(({ letter }) => letter.id).join();
	// biome-ignore lint/correctness/useExhaustiveDependencies: it begins anew when others are under way, not with each look
	useEffect(() => {
		if (!which) return undefined;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const left = new AbortController();
		const look = async (): Promise<void> => {
			// One after the other: a great many may have been replayed.
			for (const { letter } of underWay) {
				const delivery = await deliveryOf(letter, left.signal);
				if (left.signal.aborted) return;
				put([letter], delivery);
				if (delivery?.status === 'dead') refresh('GET /api/dead-letters');
			}
			timer = setTimeout(() => void look(), pause);
		};
		void look();
		return () => {
			left.abort();
			clearTimeout(timer);
		};
	}, [which]);
	return [replays, put];
}

async function deliveryOf({ event, trigger }: DeadLetter, signal: AbortSignal): Promise<Replay['delivery']> {
	try {
		const { deliveries } = await ask('GET /api/events/:id', { params: { id: event.id }, signal });
		return deliveries.find((delivery) => delivery.trigger === trigger) ?? null;
	} catch (error) {
		// What cannot be told now is looked at again.
		return error instanceof Problem && error.status === 404 ? null : undefined;
	}
}
