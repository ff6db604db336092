import { startBroker } from '../eventing/broker/broker.ts';
import { consoleLog as log } from '../eventing/broker/log.ts';
import { brokersOf } from '../eventing/broker/manifest/manifest.ts';
import { parseObjects } from '../eventing/broker/manifest/objects.ts';
import { startPings } from '../eventing/broker/ping.ts';
import { functions } from '../functions/index.ts';
import { planPings, planTriggers } from '../local/plan.ts';
import { addresses, port } from './addresses.ts';

/** Runs the replacement for Knative Eventing: the laptop's Broker with the Triggers, and the PingSources. */
async function main(): Promise<void> {
	const manifests = brokersOf(parseObjects('triggers', planTriggers(functions, addresses)));
	const broker = await startBroker({ manifests, host: '0.0.0.0', port, log });
	const pings = startPings(planPings(functions, addresses));
	log({ severity: 'INFO', message: 'listening', url: broker.url, triggers: [...manifests.values()].flat().length });
	const stop = async (): Promise<void> => {
		pings.stop();
		await broker.close();
		process.exit(0);
	};
	process.once('SIGTERM', stop).once('SIGINT', stop);
}

main().catch((error) => {
	log({ severity: 'ERROR', message: 'cannot start', error: String(error) });
	process.exitCode = 1;
});
