import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { beforeAll, test } from 'vitest';
import { startBroker } from '../broker.ts';
import { brokersOf } from '../manifest/manifest.ts';
import { parseObjects } from '../manifest/objects.ts';
import { cases } from './cases.ts';
import { createReceiver } from './receiver.ts';
import { expectOutcome, manifests, type Outcome, runTable } from './run.ts';

let outcomes: Outcome[];
beforeAll(async () => {
	const server = createReceiver();
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const { port } = server.address() as AddressInfo;
	const hosts = [`127.0.0.1:${port}`, `localhost:${port}`] as const;
	const objects = parseObjects(
		'table',
		manifests('here', hosts)
			.map((object) => JSON.stringify(object))
			.join('\n---\n'),
	);
	const broker = await startBroker({ manifests: brokersOf(objects), port: 0, log: () => {} });
	outcomes = await runTable(cases, { broker: `${broker.url}/here/table`, receiver: `http://${hosts[0]}` });
	await broker.close(0);
	server.closeAllConnections();
	server.close();
});

test.each(cases.map((one, index) => ({ ...one, index })))(
	"treats $name as Knative's broker does",
	({ index, ...one }) => expectOutcome(one, outcomes[index]),
);
