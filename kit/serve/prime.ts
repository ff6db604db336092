import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type * as z from 'zod';
import { attributeOf, catalog } from '../../eventing/catalog/catalog.ts';
import { readConfig } from '../declare/config.ts';
import { type Declaration, routesOf, targetsOf } from '../declare/declare.ts';
import { createServerFor, type Handlers } from './target-server.ts';

/** The longest time for a request, in milliseconds. A request that takes longer fails, but the code that it has run is stored. */
const limit = 5_000;

/**
 * Runs the function's code while an image is built, so that the image contains it compiled: sends a request for each operation, or an
 * event, to each of the function's targets, then exits. A request fails where it needs the database, the Broker or another
 * function, which does no harm.
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
	for (const { name, signature } of targetsOf(declaration)) {
		const config = readConfig(declaration, { ...absent, FUNCTION_TARGET: name });
		const { server } = await createServerFor(declaration, handlers, config);
		await once(server.listen(0, 'localhost'), 'listening');
		const url = `http://localhost:${(server.address() as AddressInfo).port}`;
		for (const [path, sent] of signature === 'http' ? requestsTo(declaration) : eventsFor(declaration))
			await fetch(url + path, { ...sent, redirect: 'manual', signal: AbortSignal.timeout(limit) }).catch(() => {});
	}
	process.exit(0);
}

type Sent = readonly [path: string, sent: RequestInit];

/**
 * Returns a request for a function's first path, and one for each operation with the example of its body. The operations of a
 * function that reaches the internet could have effects there.
 */
function requestsTo(declaration: Declaration): Sent[] {
	const { base = '', operations = {} } = declaration.api ?? {};
	const others = Object.values(declaration.internet ? {} : operations).map(({ method, path, body }): Sent => {
		const headers = { 'content-type': 'application/json' };
		return [base + path.replace(/:\w+/g, '1'), { method, headers, ...(body && { body: exampleOf(body) }) }];
	});
	return [[routesOf(declaration)[0] ?? '/health', {}], ...others];
}

/** Returns an event of each type to which a function reacts, with the example of its data. */
const eventsFor = ({ reacts }: Declaration): Sent[] =>
	reacts.map((type) => {
		const headers = {
			'ce-specversion': '1.0',
			'ce-id': '1',
			'ce-source': '/prime',
			'ce-type': attributeOf(type),
			'content-type': 'application/json',
		};
		return ['/', { method: 'POST', headers, body: exampleOf(catalog[type].data) }];
	});

const exampleOf = (schema: z.ZodType): string =>
	JSON.stringify((schema.meta()?.['examples'] as unknown[] | undefined)?.[0]);
