import type { Server } from 'node:http';
import { cloudEvent, http } from '@google-cloud/functions-framework';
import type { Config } from '../declare/config.ts';
import { bodyMemoryOf, type Declaration, type Target, targetsOf } from '../declare/declare.ts';
import type { EventHandlers } from '../events/events.ts';
import type { IncomingEvent } from '../events/incoming.ts';
import { type HttpHandler, httpFunction } from '../http/http.ts';
import { inUrl, isLocal } from '../net/host.ts';
import { type Context, openContext } from './context.ts';
import { createFunctionServer } from './server.ts';

/** The exports of a function's folder, besides its declaration. */
export interface Handlers {
	/** `http.ts`: the operations of its contract, or `handle` for a function that handles all HTTP itself. */
	readonly http?: {
		readonly operations?: object;
		readonly handle?: (context: Context) => HttpHandler;
		/** For `handle`: returns the largest body at a path, in bytes. By default it is the declared one at every path. */
		readonly bodyLimit?: (context: Context) => (pathname: string) => number;
	};
	readonly events?: EventHandlers;
}

/**
 * Returns a server that does not listen yet.
 * @throws {Error} when the function does not have the target, or `events.ts` does not handle the declared event types
 */
export async function createServerFor(
	declaration: Declaration,
	handlers: Handlers,
	config: Config,
): Promise<{ server: Server; context: Context }> {
	const targets = targetsOf(declaration);
	const target = targets.find(({ name }) => name === config.target);
	if (!target) {
		const names = targets.map(({ name }) => name).join(' and ');
		throw new Error(`FUNCTION_TARGET is "${config.target}"; function "${declaration.name}" has the targets ${names}`);
	}
	checkReactions(declaration, handlers.events);
	const context = await openContext(declaration, config);
	const { signature, name } = target;
	const bodyLimit = handlers.http?.bodyLimit?.(context) ?? (() => declaration.bodyLimit);
	const bodyMemory = handlers.http?.handle ? undefined : bodyMemoryOf(declaration);
	const local = config.host !== undefined && isLocal(inUrl(config.host));
	const handler = await register(name, signature, declaration, handlers, context);
	return { server: createFunctionServer(handler, context, { bodyLimit, bodyMemory, local }), context };
}

/**
 * Registers a function with functions-framework, as one of its two signatures, and returns the handler that our server calls.
 * The framework's own server could call it too. It is left out, because Express and Node's `domain` behind it take twice the
 * time of a small function.
 */
async function register(
	name: string,
	signature: Target['signature'],
	declaration: Declaration,
	handlers: Handlers,
	context: Context,
): Promise<HttpHandler> {
	if (signature === 'cloudevent') {
		const { eventFunction, eventHandler } = await import('../events/events.ts');
		const handle = eventFunction(handlers.events ?? {}, context);
		cloudEvent(name, (event: unknown) => handle(event as IncomingEvent));
		return eventHandler(handle, declaration.bodyLimit);
	}
	const handler =
		handlers.http?.handle?.(context) ?? httpFunction(declaration, handlers.http?.operations ?? {}, context);
	http(name, handler);
	return handler;
}

function checkReactions({ name, reacts }: Declaration, events: EventHandlers | undefined): void {
	const listed = (types: readonly string[]): string => types.toSorted().join(', ');
	const declared = listed(reacts);
	const handled = listed(Object.keys(events?.reactions ?? {}));
	if (declared !== handled)
		throw new Error(
			`function "${name}" declares that it reacts to [${declared}], but its events.ts handles [${handled}]`,
		);
}
