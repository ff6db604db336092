import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import type { AddressInfo } from 'node:net';
import { attributeOf } from '../../eventing/catalog/catalog.ts';
import { readConfig } from '../declare/config.ts';
import { type Declaration, routesOf, targetsOf } from '../declare/declare.ts';
import { createServerFor, type Handlers } from './target-server.ts';

/**
 * Fills the compile cache while an image is built: sends one request to each of the function's targets, then exits. The
 * request fails where it needs the database, the Broker or another function, which does no harm.
 */
export async function prime(declaration: Declaration, handlers: Handlers): Promise<void> {
	const nowhere = 'localhost:1';
	const absent = {
		DATABASE_URL: `postgresql://${nowhere}`,
		K_SINK: `http://${nowhere}`,
		FUNCTION_URLS: '{}',
		ROUTES: '{}',
		FUNCTIONS: '[]',
	};
	const event = {
		'ce-specversion': '1.0',
		'ce-id': '1',
		'ce-source': '/prime',
		'ce-type': declaration.reacts[0] ? attributeOf(declaration.reacts[0]) : 'prime',
		'content-type': 'application/json',
	};
	for (const { name, signature } of targetsOf(declaration)) {
		const config = readConfig(declaration, { ...absent, FUNCTION_TARGET: name });
		const { server } = await createServerFor(declaration, handlers, config);
		await once(server.listen(0, 'localhost'), 'listening');
		const url = `http://localhost:${(server.address() as AddressInfo).port}${routesOf(declaration)[0] ?? '/'}`;
		await fetch(url, signature === 'http' ? {} : { method: 'POST', headers: event, body: '{}' });
	}
	flushCompileCache();
	process.exit(0);
}
