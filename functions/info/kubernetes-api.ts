import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { unavailable } from '../../kit/http/problem.ts';

/** The timeout of a request to the API server, in milliseconds. */
const timeout = 3_000;

/** An answer that is not a success. */
export class ApiFailure extends Error {
	readonly status: number;

	constructor(status: number, body: string) {
		super(`the status is ${status}: ${body.slice(0, 300)}`);
		this.status = status;
	}
}

/** A client of the Kubernetes API inside a Pod (Kubernetes: "Accessing the API from a Pod"). */
export class KubernetesApi {
	readonly #env: NodeJS.ProcessEnv;
	readonly #account: string;

	/** @param account the folder of the Pod's service account */
	constructor(env: NodeJS.ProcessEnv, account: string) {
		this.#env = env;
		this.#account = account;
	}

	/** Replaces `{namespace}` in the path by the Pod's own. @throws {Problem} 503 when the API fails or denies access */
	async get<T>(path: string): Promise<T> {
		try {
			return JSON.parse(await this.text(path)) as T;
		} catch (cause) {
			throw unavailable('Cannot read the functions’ states from the Kubernetes API. Try again shortly.', cause);
		}
	}

	/** Returns the body. @throws {ApiFailure | Error} */
	async text(path: string): Promise<string> {
		// Imported lazily, because loading TLS would slow down every cold start, even on the laptop.
		const { request } = await import('node:https');
		const answer = await new Promise<IncomingMessage>((resolve, reject) => {
			const options = {
				host: this.#env['KUBERNETES_SERVICE_HOST'],
				port: this.#env['KUBERNETES_SERVICE_PORT'],
				path: path.replace('{namespace}', () => this.#read('namespace')),
				ca: this.#read('ca.crt'),
				// Read the token for each request, because Kubernetes replaces it while the Pod runs.
				headers: { authorization: `Bearer ${this.#read('token')}` },
				timeout,
			};
			const asked = request(options, resolve);
			asked.on('timeout', () => asked.destroy(new Error(`no response within ${timeout} ms`)));
			asked.on('error', reject);
			asked.end();
		});
		const body = (await answer.setEncoding('utf8').toArray()).join('');
		if (answer.statusCode !== 200) throw new ApiFailure(answer.statusCode ?? 0, body);
		return body;
	}

	#read(file: string): string {
		return readFileSync(join(this.#account, file), 'utf8').trim();
	}
}
