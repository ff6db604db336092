import type { Target } from '../target.ts';
import { databaseFaults } from './database.ts';
import { deliveryFaults } from './deliveries.ts';
import { networkFaults } from './network.ts';
import { processFaults, shopFault } from './processes.ts';
import { PostgresProxy } from './proxy.ts';
import { LocalShop } from './shop.ts';
import { sourceFault } from './sources.ts';

/** Opens a new shop on this machine. Its functions reach Postgres through a network that can be broken. */
export async function openLocal(stop: AbortSignal): Promise<Target> {
	const shop = new LocalShop(stop);
	const proxy = new PostgresProxy(() => shop.databasePort);
	const close = async (): Promise<void> => {
		await shop.close();
		proxy.close();
	};
	const port = await proxy.listen();
	const connect = (): Promise<void> => shop.connectThrough(port);
	try {
		await shop.open();
		await connect();
	} catch (error) {
		await close();
		throw error;
	}
	const { url } = shop.running;
	return {
		reach: { url, host: new URL(url).host, platform: false },
		isLocal: true,
		adminPassword: shop.adminPassword,
		pause: [0.5, 4],
		log: shop.log,
		faults: (admin, history) => [
			...processFaults(shop),
			shopFault(shop, connect),
			...networkFaults(proxy),
			...databaseFaults(shop),
			...deliveryFaults(shop, admin, history),
			sourceFault,
		],
		close: async () => {
			await close();
			return [{ claim: 'no process outlives its shop', violations: shop.orphans }];
		},
	};
}
