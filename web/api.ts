import type { Order, OrderInput } from '../functions/orders/api.ts';
import { element, say } from './dom.ts';

/** An answer that is not a success; its message is the `detail` of RFC 9457, made to be read. */
export class Problem extends Error {
	readonly status: number;

	constructor(status: number, detail: string) {
		super(detail);
		this.status = status;
	}

	/** It may go well in a moment: the function, or one it calls, is away. */
	get passing(): boolean {
		return [429, 502, 503, 504].includes(this.status);
	}
}

/** No answer at all. */
export class Lost extends Error {}

const banner = element('#connection');

/** Longer than a cold start on a busy cluster. */
const patience = 30_000;

export async function get<Body>(path: string): Promise<Body> {
	// `no-cache` asks each time but with the ETag of what is at hand; a 304 is answered from there.
	return await answer<Body>(path, { cache: 'no-cache' });
}

/** @param key makes a repeated request the same order */
export async function postOrder(input: OrderInput, key: string): Promise<Order> {
	return await answer<Order>('/api/orders', {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'idempotency-key': key },
		body: JSON.stringify(input),
	});
}

/** @throws {Problem | Lost} */
async function answer<Body>(path: string, init: RequestInit): Promise<Body> {
	let response: Response;
	let text: string;
	try {
		response = await fetch(path, {
			...init,
			headers: { accept: 'application/json', ...init.headers },
			signal: AbortSignal.timeout(patience),
		});
		text = await response.text();
	} catch (cause) {
		// One function that takes too long is no lost connection.
		if (cause instanceof DOMException && cause.name === 'TimeoutError')
			throw new Problem(504, `No answer came within ${patience / 1000} seconds.`);
		say(banner, 'The shop cannot be reached. This page keeps trying, and picks up where it was.');
		throw new Lost('The shop cannot be reached.', { cause });
	}
	say(banner, '');
	const body = parse(text);
	if (!response.ok || body === undefined) throw new Problem(response.status, detailOf(body, response.status));
	return body as Body;
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// An ingress answers in its own words, or none.
		return undefined;
	}
}

function detailOf(body: unknown, status: number): string {
	const { detail, errors } = (body ?? {}) as { detail?: string; errors?: { field: string; detail: string }[] };
	if (!detail) return `The shop answered with ${status} and no explanation.`;
	return errors?.length ? `${detail} ${errors.map((fault) => `${fault.field}: ${fault.detail}`).join('; ')}.` : detail;
}
