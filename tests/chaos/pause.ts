import { setTimeout as after } from 'node:timers/promises';

/** Waits some seconds, or until `stop` is aborted. */
export async function pause(seconds: number, stop?: AbortSignal): Promise<void> {
	await after(seconds * 1000, undefined, stop ? { signal: stop } : {}).catch(() => {});
}
