import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Problem } from '../../kit/http/problem.ts';

/** How long the API server may take, in milliseconds. */
const timeout = 3_000;

/** The Kubernetes API as a pod reaches it (Kubernetes: "Accessing the API from a Pod"). */
export class KubernetesApi {
	readonly #env: NodeJS.ProcessEnv;
	readonly #account: string;

	/** @param account the folder of the pod's service account */
	constructor(env: NodeJS.ProcessEnv, account: string) {
		this.#env = env;
		this.#account = account;
	}

	/**
	 * @param path `{namespace}` in it stands for the pod's own
	 * @throws {Problem} 503 when it does not answer, or does not let this function read that
	 */
	async get<T>(path: string): Promise<T> {
		try {
			return JSON.parse(await this.#get(path)) as T;
		} catch (cause) {
			throw new Problem(
				503,
				'The Kubernetes API, which knows the functions’ states, does not answer. Try again shortly.',
				{ headers: { 'retry-after': '2' }, cause },
			);
		}
	}

	async #get(path: string): Promise<string> {
		// Loaded here, where it is needed: TLS would cost each cold start, on the laptop too.
		const { request } = await import('node:https');
		const answer = await new Promise<IncomingMessage>((resolve, reject) => {
			const options = {
				host: this.#env['KUBERNETES_SERVICE_HOST'],
				port: this.#env['KUBERNETES_SERVICE_PORT'],
				path: path.replace('{namespace}', () => this.#read('namespace')),
				ca: this.#read('ca.crt'),
				// Read anew each time: Kubernetes replaces it while the pod runs.
				headers: { authorization: `Bearer ${this.#read('token')}` },
				timeout,
			};
			const asked = request(options, resolve);
			asked.on('timeout', () => asked.destroy(new Error(`no answer within ${timeout} ms`)));
			asked.on('error', reject);
			asked.end();
		});
		const body = (await answer.setEncoding('utf8').toArray()).join('');
		if (answer.statusCode !== 200) throw new Error(`the answer was ${answer.statusCode}: ${body.slice(0, 300)}`);
		return body;
	}

	#read(file: string): string {
		return readFileSync(join(this.#account, file), 'utf8').trim();
	}
}
