import { problemsOf } from '../../build/reference/operation.ts';
import { functions } from '../../functions/index.ts';
import type { Operation } from '../../kit/declare/contract.ts';
import { Router } from '../../kit/http/router.ts';

export interface Found {
	readonly fn: string;
	readonly name: string;
	readonly operation?: Operation;
}

/** A response, as far as a contract says something about it. */
export interface Response {
	readonly status: number;
	readonly mediaType: string;
	readonly retryAfter?: string | undefined;
	/** The parsed JSON, or the text. */
	readonly body: unknown;
}

const routers = functions.flatMap(({ name, api, aliases }) =>
	api ? [{ fn: name, router: new Router(api, aliases) }] : [],
);

/** Finds the operation of a request; a page of the gateway has none. */
export function operationOf(method: string, path: string): Found {
	const { pathname } = new URL(path, 'http://shop');
	for (const { fn, router } of routers)
		try {
			const { name, operation } = router.find(method, pathname);
			return { fn, name, operation };
		} catch {
			// Another function's.
		}
	return { fn: 'gateway', name: 'page' };
}

/** The statuses with which proxies, of the shop and of the platform, answer in the place of a function. */
const away = [502, 503, 504];

/**
 * Returns how a response breaks the contract of its operation, or undefined if it keeps it.
 * @param platform whether parts that are not the shop's, such as an ingress, can answer in the place of a function
 */
export function breachOf({ fn, name, operation }: Found, response: Response, platform: boolean): string | undefined {
	const { status, mediaType, body } = response;
	if (status >= 400) {
		const known = !operation || problemsOf(operation).includes(status) || away.includes(status);
		if (!known) return `${fn} ${name} answered ${status}, which its contract does not list: ${excerpt(body)}`;
		if (platform && away.includes(status) && mediaType !== 'application/problem+json') return undefined;
		return problemBreach(response);
	}
	if (!operation) return undefined;
	if (operation.alternatives?.some((type) => type === mediaType)) return undefined;
	const { returns } = operation;
	const expected = operation.status ?? (returns ? 200 : 204);
	if (status !== expected) return `${fn} ${name} answered ${status}, expected ${expected}`;
	const parsed = returns?.safeParse(body);
	return parsed && !parsed.success
		? `the body of ${fn} ${name} breaks its schema: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`
		: undefined;
}

/** Every error is a problem (RFC 9457); one of the shop's own says when to retry or names its trace. */
function problemBreach({ status, mediaType, retryAfter, body }: Response): string | undefined {
	if (mediaType !== 'application/problem+json') return `a ${status} is ${mediaType || 'untyped'}: ${excerpt(body)}`;
	const problem = body as { status?: unknown; detail?: unknown; traceId?: unknown };
	if (problem.status !== status || typeof problem.detail !== 'string')
		return `a ${status} is no problem of RFC 9457: ${excerpt(body)}`;
	if (status >= 500 && retryAfter === undefined && problem.traceId === undefined)
		return `a ${status} has neither Retry-After nor a trace id: ${excerpt(body)}`;
	return undefined;
}

const excerpt = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 200);
