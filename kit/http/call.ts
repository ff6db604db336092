import { noteChange } from '../data/outcome.ts';
import type { Answer, Arguments, Contract, Operation } from '../declare/contract.ts';
import { pathOf, templateOf } from '../declare/path.ts';
import { exchange } from '../net/exchange.ts';
import { span } from '../trace/span.ts';
import { traceparent } from '../trace/trace.ts';
import { messageOf, unavailable } from './problem.ts';

/** How long another function has to answer, including its cold start, in milliseconds. */
const timeout = 10_000;

export type CallResult<Op extends Operation> =
	| { readonly ok: true; readonly status: number; readonly body: Answer<Op> }
	| { readonly ok: false; readonly status: number; readonly problem: Record<string, unknown> };

/**
 * Retries a safe method once when the connection fails (RFC 9110, 9.2.2).
 * @throws {Problem} 503 when the function is unavailable: no connection, no response in time, or a 5xx response
 */
export async function callOperation<Op extends Operation>(
	fn: string,
	url: string,
	contract: Contract,
	operation: Op,
	input: Arguments<Op>,
): Promise<CallResult<Op>> {
	const path = pathOf(templateOf(contract.base, operation.path), input as Parameters<typeof pathOf>[1]);
	const target = new URL(path, url);
	const attempt = () =>
		span(`${operation.method} ${fn}`, 'client', { 'url.full': target.href }, () =>
			exchange(target, {
				method: operation.method,
				headers: {
					accept: 'application/json',
					...(input.body ? { 'content-type': 'application/json' } : {}),
					traceparent: traceparent(),
				},
				body: input.body && JSON.stringify(input.body),
				limit: timeout,
			}),
		);
	try {
		const { status, text } = await attempt().catch((error: unknown) => {
			if (operation.method === 'GET' && 'code' in (error as object)) return attempt();
			throw error;
		});
		if (status >= 500) throw new Error(`${fn} answered ${status}: ${text}`);
		const body: unknown = text ? JSON.parse(text) : undefined;
		if (status >= 300) return { ok: false, status, problem: body as Record<string, unknown> };
		if (operation.method !== 'GET') noteChange();
		return { ok: true, status, body: body as Answer<Op> };
	} catch (cause) {
		const { code } = cause as { code?: string };
		const unknown = operation.method !== 'GET' && code !== 'ECONNREFUSED';
		if (unknown) noteChange();
		const next = unknown ? 'It is not known whether it has carried out its part.' : 'Try again shortly.';
		throw unavailable(
			`The function "${fn}", which this operation calls, does not answer at the moment. ${next}`,
			new Error(messageOf(cause), { cause }),
		);
	}
}
