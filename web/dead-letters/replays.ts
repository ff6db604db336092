import { useEffect, useState } from 'react';
import type { DeadLetter } from '../../functions/event-log/api.ts';
import { ask } from '../api/ask.ts';
import { Problem } from '../api/problem.ts';
import { refresh } from '../api/query.ts';
import type { Delivery } from '../events/event/delivery-stamps.tsx';

/** A dead letter that was replayed on this screen, and the result. */
export interface Replay {
	readonly letter: DeadLetter;
	/** Undefined while unknown; null if the log does not contain the event, so that it stays unknown. */
	readonly delivery: Delivery | null | undefined;
}

export const isUnderWay = ({ delivery }: Replay): boolean =>
	delivery === undefined || delivery?.status === 'failing' || delivery?.status === 'pending';

/** Returns the replays since the screen opened, by letter id, and a function that adds replays. */
export function useReplays(): [ReadonlyMap<string, Replay>, (letters: readonly DeadLetter[]) => void] {
	const [replays, setReplays] = useState<ReadonlyMap<string, Replay>>(new Map());
	const put = (letters: readonly DeadLetter[], delivery?: Delivery | null): void =>
		setReplays(
			(before) => new Map([...before, ...letters.map((letter) => [letter.id, { letter, delivery }] as const)]),
		);
	const underWay = [...replays.values()].filter(isUnderWay);
	const which = underWay.map(({ letter }) => letter.id).join();
	// biome-ignore lint/correctness/useExhaustiveDependencies: it restarts for other replays, not after each poll
	useEffect(() => {
		if (!which) return undefined;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const left = new AbortController();
		const look = async (): Promise<void> => {
			// One at a time, because there can be a great many.
			for (const { letter } of underWay) {
				const delivery = await deliveryOf(letter, left.signal);
				if (left.signal.aborted) return;
				put([letter], delivery);
				if (delivery?.status === 'dead') refresh('GET /api/dead-letters');
			}
			timer = setTimeout(() => void look(), 1_500);
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
		// After any other failure, the next poll asks again.
		return error instanceof Problem && error.status === 404 ? null : undefined;
	}
}
