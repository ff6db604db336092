import { shop } from '../../shop.ts';
import { Account } from './account.ts';
import type { History } from './history.ts';
import type { Scene } from './part.ts';
import { Random } from './random.ts';
import type { Target } from './target.ts';
import { Visitor } from './visitor.ts';

/** The scene of one run, and all its connections to the shop. */
export class Stage implements Scene {
	readonly run: string;
	/** When the run began, in milliseconds since 1970: older events are another run's. */
	readonly since = Date.now();
	readonly random: Random;
	readonly history: History;
	readonly isLocal: boolean;
	readonly admin: Account;
	readonly giveUp: AbortSignal;
	readonly #reach: Target['reach'];
	readonly #patience = new AbortController();
	readonly #visitors: Visitor[] = [];

	/** @param stop ends all requests but the admin's, because the admin ends faults */
	constructor({ reach, isLocal, adminPassword }: Target, history: History, seed: number, stop: AbortSignal) {
		this.run = this.since.toString(36);
		this.random = new Random(seed);
		this.history = history;
		this.isLocal = isLocal;
		this.#reach = reach;
		this.admin = new Account(reach, history, { email: shop.firstAdmin, password: adminPassword }, 'admin');
		this.giveUp = AbortSignal.any([this.#patience.signal, stop]);
		stop.addEventListener('abort', () => void this.#leave());
	}

	visitor(name: string): Visitor {
		const visitor = new Visitor(name, this.#reach, this.history);
		this.#visitors.push(visitor);
		return visitor;
	}

	async account(name: string): Promise<Account> {
		const credentials = { email: `${name}-${this.run}@example.com`.toLowerCase(), password: `the password of ${name}` };
		const account = new Account(this.#reach, this.history, credentials, name);
		this.#visitors.push(account);
		const { status } = await account.ask('POST', '/api/users', { body: { name, ...credentials }, right: [201] });
		if (status !== 201 || !(await account.signIn())) throw new Error(`${name} cannot sign up: ${status}`);
		return account;
	}

	/** Lets clients repeat requests without an answer for some seconds only. The returned function ends that time. */
	limit(seconds: number): () => void {
		const timer = setTimeout(() => this.#patience.abort(), seconds * 1000);
		return () => clearTimeout(timer);
	}

	async close(): Promise<void> {
		this.#patience.abort();
		await Promise.all([this.#leave(), this.admin.close()]);
	}

	async #leave(): Promise<void> {
		await Promise.all(this.#visitors.map((visitor) => visitor.close()));
	}
}
