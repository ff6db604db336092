import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { databaseAway } from '../database/metrics/database.ts';
import { shop } from '../shop.ts';
import { freePort } from './free-port.ts';
import { listenOnLoopback, routeByHost } from './front.ts';
import { tellMetrics } from './metrics.ts';
import { aService } from './testing.ts';

const names = JSON.parse(
	readFileSync(join(import.meta.dirname, '..', 'k8s', 'monitoring', 'names.json'), 'utf8'),
) as Record<string, Record<string, string>>;
const database = { read: async () => databaseAway };

test('the front serves the metrics of a cluster under the names recorded there', async () => {
	const { service } = aService({ name: 'shelves' });
	const services = new Map([['shelves', service]]);
	const front = await listenOnLoopback(
		routeByHost(services, service, () => tellMetrics(services, database)),
		await freePort(),
	);
	try {
		const url = `http://127.0.0.1:${front.port}`;
		await (await fetch(url)).text();
		const answer = await fetch(`${url}/metrics`);
		expect(answer.headers.get('content-type')).toContain('version=0.0.4');
		const text = await answer.text();
		const told = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]);
		const known = Object.assign({}, ...Object.values(names)) as Record<string, string>;
		expect(told.filter(([name = '', type]) => known[name] !== type)).toEqual([]);
		const labels = `k8s_namespace_name="${shop.namespace}",kn_service_name="shelves"`;
		expect(text).toMatch(
			new RegExp(
				`^http_server_request_duration_seconds_count\\{${labels},[^}]*status_code="200",http_request_method="GET"\\} 1$`,
				'm',
			),
		);
		expect(text).toMatch(new RegExp(`^kn_serving_invocation_duration_seconds_count\\{${labels},[^}]*\\} 1$`, 'm'));
		expect(text).toMatch(new RegExp(`^kn_revision_pods_count\\{${labels},[^}]*\\} 1$`, 'm'));
		expect(text).toContain('pg_up 0');
	} finally {
		for (const server of front.servers) server.close();
	}
});
