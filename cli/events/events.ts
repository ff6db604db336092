import { findShop, type Shop, type ShopOptions } from '../place/shop.ts';
import { type Logged, lineOf } from './event-line.ts';
import { completed, type Filters } from './filters.ts';

interface EventsOptions extends ShopOptions, Filters {
	readonly follow?: boolean | undefined;
	readonly limit?: number | undefined;
	readonly json?: boolean | undefined;
}

/**
 * Prints the last events, oldest first. With `--follow`, also prints each new event and each change of its deliveries.
 * Signs in if the first admin's password is known, because others see no private subjects.
 */
export async function events(options: EventsOptions, stop: AbortSignal): Promise<void> {
	const shop = await findShop(options);
	const tell = (event: unknown): void =>
		void process.stdout.write(`${options.json ? JSON.stringify(event) : lineOf(event as Logged)}\n`);
	try {
		const why = await shop.trySignIn(stop);
		if (why)
			process.stderr.write(
				`Not signed in, because ${why}: events that belong to an account are shown without their subject.\n`,
			);
		const path = `/api/events?${queryOf(options)}`;
		if (options.follow) return await follow(shop, path, tell, stop);
		const last = await shop.ask<Logged[]>('GET', path, {}, stop);
		last.reverse().forEach(tell);
	} finally {
		await shop.close();
	}
}

function queryOf({ limit = 20, ...filters }: EventsOptions): string {
	const given = Object.entries(completed(filters)).filter(([, value]) => value !== undefined) as [string, string][];
	return String(new URLSearchParams([['limit', String(limit)], ...given]));
}

async function follow(shop: Shop, path: string, tell: (event: unknown) => void, stop: AbortSignal): Promise<never> {
	// A stream ends after some minutes. The next one begins with events that were already printed.
	for (const told = new Set<string>(); ; await shop.trySignIn(stop))
		for await (const event of shop.follow(path, stop)) {
			const text = JSON.stringify(event);
			if (!told.has(text)) tell(event);
			told.add(text);
		}
}
