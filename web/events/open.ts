import type { LoggedEvent } from '../../functions/event-log/api.ts';

/** Returns whether any delivery is still open. A dead letter counts as open because it can be replayed at any time. */
export const isOpen = ({ deliveries }: LoggedEvent): boolean =>
	deliveries.some(({ status }) => status !== 'handled' && status !== 'discarded');
