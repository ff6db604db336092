import { noteChange } from '../data/outcome.ts';
import type { Answer, Arguments, Contract, Operation } from '../declare/contract.ts';
import { pathOf, templateOf } from '../declare/path.ts';
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
	const attempt = (): Promise<Response> =>
		span(`${operation.method} ${fn}`, 'client', { 'url.full': target.href }, () =>
			fetch(target, {
				method: operation.method,
				headers: {
					accept: 'application/json',
					...(input.body ? { 'content-type': 'application/json' } : {}),
					traceparent: traceparent(),
				},
				body: input.body ? JSON.stringify(input.body) : null,
				signal: AbortSignal.timeout(timeout),
			}),
		);
	try {
		const answer = await attempt().catch((error: unknown) => {
			if (operation.method === 'GET' && error instanceof TypeError) return attempt();
			throw error;
		});
		const body = answer.status === 204 ? undefined : await answer.json();
		if (answer.ok && operation.method !== 'GET') noteChange();
		if (answer.ok) return { ok: true, status: answer.status, body: body as Answer<Op> };
		if (answer.status < 500) return { ok: false, status: answer.status, problem: body as Record<string, unknown> };
		throw new Error(`${fn} answered ${answer.status}: ${JSON.stringify(body)}`);
	} catch (cause) {
		const { code } = ((cause as Error).cause ?? {}) as { code?: string };
		const unknown = operation.method !== 'GET' && code !== 'ECONNREFUSED';
		if (unknown) noteChange();
		const next = unknown ? 'It is not known whether it has carried out its part.' : 'Try again shortly.';
		throw unavailable(
			`The function "${fn}", which this operation calls, does not answer at the moment. ${next}`,
			new Error(messageOf(cause), { cause }),
		);
	}
}
