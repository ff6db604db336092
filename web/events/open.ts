import type { LoggedEvent } from '../../functions/event-log/api.ts';

/** Whether some function has yet to handle an event; a dead letter may be replayed at any time. */
export const isOpen = ({ deliveries }: LoggedEvent): boolean =>
	deliveries.some(({ status }) => status !== 'handled' && status !== 'discarded');
