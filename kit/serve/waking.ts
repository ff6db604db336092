import { json } from '../declare/config.ts';
import type { Wake } from '../declare/environment.ts';
import { exchange } from '../net/exchange.ts';

/** The least time between two requests that wake the same Service, in milliseconds. */
const pause = 1_000;
/** The longest time for a Service to start, in milliseconds. */
const limit = 60_000;

/**
 * Wakes the Services that a request will reach later, while this function handles it, so that their cold starts happen at the
 * same time instead of one after the other. A Service that is awake only answers a health check. One that does not
 * answer is no fault here: the request itself will find out.
 */
export class Waking {
	readonly #wakes: readonly { readonly method: string; readonly path: RegExp; readonly urls: readonly URL[] }[];
	readonly #wokenAt = new Map<string, number>();

	constructor(env: NodeJS.ProcessEnv) {
		this.#wakes = (json<Wake[]>('WAKES', env) ?? []).map(({ method, pattern, urls }) => ({
			method,
			path: new RegExp(pattern),
			urls: urls.map((url) => new URL('/health', url)),
		}));
	}

	/** Wakes what a request will reach, without waiting. */
	ahead(method: string | undefined, path: string): void {
		for (const wake of this.#wakes)
			if (wake.method === method && wake.path.test(path)) for (const url of wake.urls) this.#wake(url);
	}

	#wake(url: URL): void {
		const now = performance.now();
		if (now - (this.#wokenAt.get(url.href) ?? Number.NEGATIVE_INFINITY) < pause) return;
		this.#wokenAt.set(url.href, now);
		exchange(url, { method: 'GET', headers: {}, limit }).catch(() => {});
	}
}
