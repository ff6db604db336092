import { shop as named } from '../shop.ts';
import { type Logged, lineOf } from './event-line.ts';
import { findShop, type Shop, type ShopOptions } from './place/shop.ts';

interface EventsOptions extends ShopOptions {
	/** With or without the prefix of the shop's types. */
	readonly type?: string | undefined;
	readonly subject?: string | undefined;
	/** The function that emits the events or handles them. */
	readonly function?: string | undefined;
	/** The status of a delivery. */
	readonly status?: Logged['deliveries'][number]['status'] | undefined;
	readonly follow?: boolean | undefined;
	readonly limit: number;
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

function queryOf({ limit, type, subject, function: fn, status }: EventsOptions): string {
	const prefix = `${named.eventPrefix}.`;
	const filters = { type: type && `${prefix}${type.replace(prefix, '')}`, subject, function: fn, status };
	const given = Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
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
