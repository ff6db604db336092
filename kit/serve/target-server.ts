import { AsyncLocalStorage } from 'node:async_hooks';
import type { Server } from 'node:http';
import { cloudEvent, type HttpFunction, http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import type { Config } from '../declare/config.ts';
import type { Operation } from '../declare/contract.ts';
import { bodyMemoryOf, type Declaration, targetsOf } from '../declare/declare.ts';
import { type EventHandlers, eventFunction, responding } from '../events/events.ts';
import { binaryHeaders, readEvent } from '../events/incoming.ts';
import { answerProblem } from '../http/answer.ts';
import { httpFunction, type Operations } from '../http/http.ts';
import { Problem } from '../http/problem.ts';
import { isLocal } from '../net/host.ts';
import { Context } from './context.ts';
import { createFunctionServer, type Framework } from './server.ts';

/** The exports of a function's folder, besides its declaration. */
export interface Handlers {
	/** `http.ts`: the operations of its contract, or `handle` for a function that handles all HTTP itself. */
	readonly http?: {
		readonly operations?: object;
		readonly handle?: (context: Context) => HttpFunction;
		/** For `handle`: returns the largest body at a path, in bytes. By default it is the declared one at every path. */
		readonly bodyLimit?: (context: Context) => (pathname: string) => number;
	};
	readonly events?: EventHandlers;
}

/**
 * Returns a server that does not listen yet. The framework parses bodies and CloudEvents behind it.
 * @throws {Error} when the function does not have the target, or `events.ts` does not handle the declared event types
 */
export function createServerFor(
	declaration: Declaration,
	handlers: Handlers,
	config: Config,
): { server: Server; context: Context } {
	const targets = targetsOf(declaration);
	const target = targets.find(({ name }) => name === config.target);
	if (!target) {
		const names = targets.map(({ name }) => name).join(' and ');
		throw new Error(`FUNCTION_TARGET is "${config.target}"; function "${declaration.name}" has the targets ${names}`);
	}
	checkReactions(declaration, handlers.events);
	const context = new Context(declaration, config);
	if (target.signature === 'cloudevent') cloudEvent(target.name, eventFunction(handlers.events ?? {}, context));
	else if (handlers.http?.handle) http(target.name, handlers.http.handle(context));
	else if (declaration.api) {
		const operations = (handlers.http?.operations ?? {}) as Operations<Record<string, Operation>>;
		http(target.name, httpFunction(declaration.api, operations, context));
	}
	const framework = getTestServer(target.name).listeners('request')[0] as Framework;
	const inner =
		target.signature === 'cloudevent' ? eventsOnly(framework) : handlers.http?.handle ? unread(framework) : framework;
	const bodyLimit = handlers.http?.bodyLimit?.(context) ?? (() => declaration.bodyLimit);
	const bodyMemory = handlers.http?.handle ? undefined : bodyMemoryOf(declaration);
	const local = config.host !== undefined && isLocal(config.host.includes(':') ? `[${config.host}]` : config.host);
	return { server: createFunctionServer(inner, context, { bodyLimit, bodyMemory, local }), context };
}

/**
 * Leaves the body unread for a function that handles all HTTP itself, so that it can stream the body. The framework
 * would read all of it into memory and parse it; its parsers skip a request that is marked as finished.
 */
function unread(framework: Framework): Framework {
	return (req, res, next) => {
		// Paused, because the listener that counts a chunked body would let it flow before the function reads it.
		req.pause();
		framework(Object.assign(req, { finished: true }), res, next);
	};
}

/** Reads and checks the event, because the framework accepts any POST as one. The framework gets it in binary mode. */
function eventsOnly(framework: Framework): Framework {
	return (req, res, next) => {
		if (req.method !== 'POST') {
			const detail = `${req.method} is not allowed here; send events with POST.`;
			return answerProblem(res, new Problem(405, detail, { headers: { allow: 'POST' } }));
		}
		const chunks: Buffer[] = [];
		req.on('data', (chunk: Buffer) => chunks.push(chunk));
		// Bound to the trace of this request, because the connection emits the event.
		const handle = AsyncLocalStorage.bind(() => {
			try {
				const event = readEvent(req.headersDistinct, Buffer.concat(chunks));
				// The framework reads properties of the body, even of an event without data, as from a PingSource.
				Object.assign(req, { headers: binaryHeaders(req.headers, event), body: event.data ?? {} });
			} catch (error) {
				return answerProblem(res, error);
			}
			responding.run(res, () => framework(req, res, next));
		});
		req.once('end', handle);
	};
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
