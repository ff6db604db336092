import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { request } from 'undici';
import { functions } from '../../functions/index.ts';
import { findAddress } from '../../k8s/cluster/address.ts';
import { Failure } from '../../k8s/kubectl/failure.ts';
import type { Kubectl } from '../../k8s/kubectl/kubectl.ts';
import { secretName } from '../../k8s/manifests/secret.ts';
import { withRole } from '../../kit/declare/declare.ts';
import { shop } from '../../shop.ts';
import { askPassword } from './password.ts';
import { choosePlace, type Where } from './place.ts';

interface FoundShop {
	readonly url: string;
	/** Host header for its gateway, if it differs from the URL's host. */
	readonly host?: string;
	/** Returns what can be the first admin's password, without asking for it. */
	readonly passwords: () => Promise<string[]>;
	/** The cluster that it runs on, if the command reaches it. */
	readonly kubectl?: Kubectl;
	readonly close?: () => Promise<void>;
}

export interface ShopOptions extends Where {
	readonly url?: string | undefined;
}

interface Sent {
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	/** Further statuses that do not count as a failure. */
	readonly fine?: readonly number[];
}

/** Time limit of an answer, and of retries after a 503 while a function starts, in milliseconds. */
const patience = 60_000;

/** An HTTP client of a shop, with the admin's rights. */
export class Shop {
	readonly #found: FoundShop;
	#authorization: Record<string, string> = {};

	constructor(found: FoundShop) {
		this.#found = found;
	}

	get kubectl(): Kubectl | undefined {
		return this.#found.kubectl;
	}

	get url(): string {
		return this.#found.url;
	}

	/**
	 * Signs in as the first admin, for 15 minutes. Asks for the password on the terminal if it is not known.
	 * @throws {Failure} 2 when the password is missing or wrong
	 */
	async signIn(stop: AbortSignal): Promise<void> {
		if (!(await this.trySignIn(stop))) return;
		if ((await this.#found.passwords()).length === 0) {
			const instead = 'Set it in the environment: ADMIN_PASSWORD=…';
			if (await this.#signIn(await askPassword(`Password of ${shop.firstAdmin}: `, stop, instead), stop)) return;
		}
		throw new Failure(
			'usage',
			`The shop at ${this.url} rejects this password of ${shop.firstAdmin}. Set ADMIN_PASSWORD to the admin's, or give the admin a new one: npx bodega admin password`,
		);
	}

	/** Signs in as the first admin if the password is known. @returns why it did not, or nothing */
	async trySignIn(stop: AbortSignal): Promise<string | undefined> {
		const passwords = await this.#found.passwords();
		for (const password of passwords) if (await this.#signIn(password, stop)) return undefined;
		return passwords.length ? `the shop rejects this password of ${shop.firstAdmin}` : 'ADMIN_PASSWORD is not set';
	}

	/** Returns whether the shop accepts the password. */
	async #signIn(password: string, stop: AbortSignal): Promise<boolean> {
		const body = { email: shop.firstAdmin, password };
		const json = await this.ask<{ access_token?: string }>('POST', shop.signIn, { body, fine: [401] }, stop);
		if (json.access_token === undefined) return false;
		this.#authorization = { authorization: `Bearer ${json.access_token}` };
		return true;
	}

	/**
	 * Sends a request, and retries for up to 60 s while the response is a 503.
	 * @throws {Failure} with the response's detail, unless the request succeeds
	 */
	readonly ask = async <Answer>(method: string, path: string, sent: Sent = {}, stop?: AbortSignal): Promise<Answer> => {
		for (const end = performance.now() + patience; ; await after(1000, undefined, stop ? { signal: stop } : {})) {
			const { status, json } = await this.#send(method, path, sent, stop);
			if (status < 300 || sent.fine?.includes(status)) return json as Answer;
			if (status !== 503 || performance.now() > end) throw refusal(`${method} ${path}`, status, json);
		}
	};

	/** Yields server-sent events until the shop or `stop` ends the stream. @throws {Failure} when the shop does not answer */
	async *follow(path: string, stop: AbortSignal): AsyncGenerator<unknown> {
		const { url, host } = this.#found;
		const headers = { accept: 'text/event-stream', ...this.#authorization, ...(host === undefined ? {} : { host }) };
		try {
			const { body, statusCode } = await request(`${url}${path}`, { headers, bodyTimeout: patience, signal: stop });
			if (statusCode !== 200) throw refusal(`GET ${path}`, statusCode, parse(await body.text()));
			for await (const line of createInterface({ input: body }))
				if (line.startsWith('data:')) yield JSON.parse(line.slice('data:'.length));
		} catch (cause) {
			throw this.#silence(cause);
		}
	}

	/** Returns the failure that an error of the connection stands for; other errors as they are. */
	#silence(cause: unknown): unknown {
		if (cause instanceof Failure || (cause as Error).name === 'AbortError') return cause;
		const why = cause instanceof Error ? cause.message || (cause as { code?: string }).code : String(cause);
		return new Failure('environment', `The shop at ${this.url} does not answer: ${why}`, { cause });
	}

	async #send(method: string, path: string, { body, headers }: Sent, stop?: AbortSignal) {
		const { url, host } = this.#found;
		try {
			const answer = await request(`${url}${path}`, {
				method: method as 'GET',
				headers: {
					...(host === undefined ? {} : { host }),
					...(body === undefined ? {} : { 'content-type': 'application/json' }),
					...this.#authorization,
					...headers,
				},
				...(body === undefined ? {} : { body: JSON.stringify(body) }),
				headersTimeout: patience,
				bodyTimeout: patience,
				...(stop ? { signal: stop } : {}),
			});
			return { status: answer.statusCode, json: parse(await answer.body.text()) };
		} catch (cause) {
			throw this.#silence(cause);
		}
	}

	async close(): Promise<void> {
		await this.#found.close?.();
	}
}

/** Parses a response. A response from something other than a function, such as an ingress, is not always JSON. */
function parse(text: string): unknown {
	try {
		return text ? JSON.parse(text) : undefined;
	} catch {
		return { detail: text.trim().slice(0, 200) };
	}
}

const refusal = (what: string, status: number, json: unknown): Failure =>
	new Failure('unknown', `${what} returned ${status}: ${(json as { detail?: string } | undefined)?.detail ?? ''}`);

/**
 * Finds the shop at the given URL, or else the one that `choosePlace` chooses, and prints which.
 * @throws {Failure} 3 when no shop is found
 */
export async function findShop({ url, ...where }: ShopOptions): Promise<Shop> {
	const given = process.env['ADMIN_PASSWORD'] ? [process.env['ADMIN_PASSWORD']] : [];
	const passwords = async (): Promise<string[]> => given;
	if (url !== undefined) {
		if (!(URL.canParse(url) && /^https?:/.test(url)))
			throw new Failure('usage', `--url ${url}: expected an address such as http://localhost:3000.`);
		process.stderr.write(`The shop at ${url}\n`);
		return new Shop({ url: new URL(url).origin, passwords });
	}
	const place = await choosePlace(where);
	if ('running' in place) return new Shop({ url: place.running.url, passwords });
	const { kubectl } = place;
	const read = ['get', 'secret', secretName.admin, '-n', kubectl.namespace, '-o', 'jsonpath={.data.ADMIN_PASSWORD}'];
	const { url: ingress, host, close } = await findAddress(kubectl);
	return new Shop({
		url: ingress,
		host: host(withRole('gateway', functions).name),
		// The admin can have changed the password on the page.
		passwords: async () => {
			const stored = Buffer.from((await kubectl.attempt(read)).stdout, 'base64').toString('utf8');
			return stored ? [stored, ...given.filter((password) => password !== stored)] : given;
		},
		kubectl,
		close,
	});
}
