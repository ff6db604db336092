import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { request } from 'undici';
import { functions } from '../functions/index.ts';
import { findAddress } from '../k8s/cluster/address.ts';
import { checkCluster } from '../k8s/cluster/check.ts';
import { Failure } from '../k8s/kubectl/failure.ts';
import { Kubectl } from '../k8s/kubectl/kubectl.ts';
import { secretName } from '../k8s/manifests/secret.ts';
import { withRole } from '../kit/declare/declare.ts';
import { findRunning } from '../local/running.ts';
import { shop } from '../shop.ts';
import { askPassword } from './password.ts';

interface FoundShop {
	readonly url: string;
	/** Host header for its gateway, if it differs from the URL's host. */
	readonly host?: string;
	readonly password: (stop: AbortSignal) => Promise<string>;
	readonly close?: () => Promise<void>;
}

export interface Where {
	readonly url?: string | undefined;
	/** Data folder of a shop on this machine. */
	readonly data: string;
	/** Namespace of a shop on a cluster. */
	readonly namespace: string;
}

interface Sent {
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	/** Further statuses that do not count as a failure. */
	readonly fine?: readonly number[];
}

/** Time limit for retries after a 503 while a function starts, in milliseconds. */
const patience = 60_000;

/** An HTTP client of a shop, with the admin's rights. */
export class Shop {
	readonly #found: FoundShop;
	#authorization: Record<string, string> = {};

	constructor(found: FoundShop) {
		this.#found = found;
	}

	get url(): string {
		return this.#found.url;
	}

	/** Signs in as the first admin, for 15 minutes. @throws {Failure} 2 when the password is missing or wrong */
	async signIn(stop: AbortSignal): Promise<void> {
		const body = { email: shop.firstAdmin, password: await this.#found.password(stop) };
		const { status, json } = await this.#send('POST', shop.signIn, { body }, stop);
		if (status === 401)
			throw new Failure(
				'usage',
				`The shop at ${this.url} rejects this password of ${shop.firstAdmin}, so the drill did not start. Set ADMIN_PASSWORD to the one printed at the shop's first start.`,
			);
		if (status !== 200) throw refusal(`POST ${shop.signIn}`, status, json);
		this.#authorization = { authorization: `Bearer ${(json as { access_token: string }).access_token}` };
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

	/** Yields server-sent events until the shop or `stop` ends the stream. */
	async *follow(path: string, stop: AbortSignal): AsyncGenerator<unknown> {
		const { url, host } = this.#found;
		const headers = { accept: 'text/event-stream', ...(host === undefined ? {} : { host }) };
		const { body, statusCode } = await request(`${url}${path}`, { headers, bodyTimeout: 0, signal: stop });
		if (statusCode !== 200) throw refusal(`GET ${path}`, statusCode, parse(await body.text()));
		for await (const line of createInterface({ input: body }))
			if (line.startsWith('data:')) yield JSON.parse(line.slice('data:'.length));
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
				...(stop ? { signal: stop } : {}),
			});
			return { status: answer.statusCode, json: parse(await answer.body.text()) };
		} catch (cause) {
			if (stop?.aborted) throw cause;
			const why = cause instanceof Error ? cause.message || (cause as { code?: string }).code : String(cause);
			throw new Failure('environment', `The shop at ${url} does not answer: ${why}`, { cause });
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
 * Finds the shop at the given URL, or else the one that runs on this machine, or else the one on the current kube
 * context.
 * @throws {Failure} 3 when no shop is found
 */
export const findShop = async (where: Where): Promise<Shop> => new Shop(await find(where));

async function find({ url, data, namespace }: Where): Promise<FoundShop> {
	if (url !== undefined && !(URL.canParse(url) && /^https?:/.test(url)))
		throw new Failure('usage', `--url ${url}: expected an address such as http://localhost:3000.`);
	const here = url === undefined ? (await findRunning(data))?.url : new URL(url).origin;
	if (here !== undefined) return { url: here, password: givenPassword };
	try {
		return await findCluster(namespace);
	} catch (cause) {
		throw new Failure(
			'environment',
			`No shop runs on this machine with its data in ${data}, and none was found on a cluster. Start one (npm start, or bodega deploy), ` +
				`or give its address with --url.\n${cause instanceof Error ? cause.message : cause}`,
			{ cause },
		);
	}
}

const givenPassword = async (stop: AbortSignal): Promise<string> =>
	process.env['ADMIN_PASSWORD'] ||
	(await askPassword(
		`Password of ${shop.firstAdmin}: `,
		stop,
		'Set the environment variable: ADMIN_PASSWORD=… npx bodega drill',
	));

async function findCluster(namespace: string): Promise<FoundShop> {
	const kubectl = new Kubectl(namespace);
	await checkCluster(kubectl);
	const read = ['get', 'secret', secretName.admin, '-n', namespace, '-o', 'jsonpath={.data.ADMIN_PASSWORD}'];
	const password = async (): Promise<string> => Buffer.from(await kubectl.run(read), 'base64').toString('utf8');
	const { url, host, close } = await findAddress({ namespace });
	return { url, host: host(withRole('gateway', functions).name), password, close };
}
