import { type Logged, lineOf } from './event-line.ts';
import { interruptible } from './interrupt.ts';
import { findShop, type Where } from './shop.ts';

interface EventsOptions extends Where {
	readonly follow?: boolean | undefined;
	readonly limit: number;
	readonly json?: boolean | undefined;
}

/**
 * Prints the last events, oldest first. With `--follow`, also prints each new event and each change of its deliveries.
 * @returns the exit code
 */
export function events(options: EventsOptions): Promise<number> {
	return interruptible(async (stop) => {
		const shop = await findShop(options);
		const tell = (event: unknown): void =>
			void process.stdout.write(`${options.json ? JSON.stringify(event) : lineOf(event as Logged)}\n`);
		try {
			if (!options.follow) {
				const last = await shop.ask<Logged[]>('GET', `/api/events?limit=${options.limit}`, {}, stop);
				last.reverse().forEach(tell);
				return 0;
			}
			// A stream ends after some minutes. The next one begins with events that were already printed.
			for (const told = new Set<string>(); ; ) {
				for await (const event of shop.follow('/api/events', stop)) {
					const text = JSON.stringify(event);
					if (!told.has(text)) tell(event);
					told.add(text);
				}
				if (stop.aborted) return 0;
			}
		} finally {
			await shop.close();
		}
	});
}
