import { AccessKeys } from '../auth/access-keys.ts';
import { Database, type Transaction } from '../data/database.ts';
import { Notifications } from '../data/notifications.ts';
import type { Config } from '../declare/config.ts';
import type { Arguments, Contract, Operation } from '../declare/contract.ts';
import type { Declaration, Settings } from '../declare/declare.ts';
import { Publisher } from '../events/publisher.ts';
import { type CallResult, callOperation } from '../http/call.ts';

/** What every operation and reaction of a function stands on: made once per process, from its declaration and environment. */
export class Context {
	readonly declaration: Declaration;
	readonly config: Config;
	readonly #stopping = new AbortController();
	readonly #database: Database | undefined;
	readonly #accessKeys: AccessKeys | undefined;
	readonly #publisher: Publisher | undefined;
	readonly #notifications: Notifications | undefined;

	constructor(declaration: Declaration, config: Config) {
		this.declaration = declaration;
		this.config = config;
		this.#publisher = config.sink === undefined ? undefined : new Publisher(config.sink);
		if (config.databaseUrl !== undefined) {
			const { databaseUrl: url } = config;
			const connections = declaration.data?.connections ?? 1;
			const publish = (events: Parameters<Publisher['publish']>[0]): void => this.#publisher?.publish(events);
			// One of the instance's connections is for listening, so that the declared number is the whole of it.
			this.#database = new Database({
				url,
				connections: Math.max(1, connections - 1),
				fn: declaration.name,
				emits: declaration.emits,
				publish,
			});
			this.#accessKeys = new AccessKeys(this.#database);
			this.#notifications = new Notifications(url, declaration.name);
		}
	}

	/** The values of the settings of the function's own declaration: `context.settings<typeof declaration>()`. */
	settings<Own extends Declaration>(): Settings<Own> {
		return this.config.settings as Settings<Own>;
	}

	/** Aborted when the instance is told to stop: what would go on for long ends then. */
	get stopping(): AbortSignal {
		return this.#stopping.signal;
	}

	stop(): void {
		this.#stopping.abort();
	}

	/** @throws {Error} when the function's declaration says that it has no data. */
	get db(): Database {
		if (!this.#database) throw new Error(`function "${this.declaration.name}" has no data: declare data: true`);
		return this.#database;
	}

	/** The keys of access tokens; `declare` sees to it that a function that asks who its callers are has data. */
	get accessKeys(): AccessKeys {
		if (!this.#accessKeys) throw new Error(`function "${this.declaration.name}" has no data: declare data: true`);
		return this.#accessKeys;
	}

	/** `NOTIFY` of this function's own schema, to wait for what another instance does. */
	get notifications(): Notifications {
		if (!this.#notifications) throw new Error(`function "${this.declaration.name}" has no data: declare data: true`);
		return this.#notifications;
	}

	/** @throws {Error} when the function's declaration says that it publishes nothing. */
	get publisher(): Publisher {
		if (!this.#publisher) throw new Error(`function "${this.declaration.name}" publishes nothing: it has no K_SINK`);
		return this.#publisher;
	}

	transaction<T>(work: (tx: Transaction) => Promise<T>, cause?: string): Promise<T> {
		return this.db.transaction(work, cause);
	}

	/**
	 * Calls an operation of another function, by its contract; only what the declaration lists in `calls`.
	 * @throws {Problem} 503 when the other function is away.
	 */
	call<Operations extends Record<string, Operation>, Name extends keyof Operations & string>(
		contract: Contract<Operations>,
		name: Name,
		input: Arguments<Operations[Name]>,
	): Promise<CallResult<Operations[Name]>> {
		const fn = Object.entries(this.declaration.calls).find(([, listed]) => listed === contract)?.[0];
		const url = fn === undefined ? undefined : this.config.functionUrls[fn];
		if (fn === undefined || url === undefined)
			throw new Error(
				`function "${this.declaration.name}" may not call ${contract.base}: list it in the declaration's calls`,
			);
		return callOperation(fn, url, contract, contract.operations[name] as Operations[Name], input);
	}

	/** Whether what the function needs is there: its database, if it has data. @throws {Problem} 503 */
	async ready(): Promise<void> {
		await this.#database?.ping();
	}

	/** Finishes what is being published, within `patience` milliseconds, and closes the connections. */
	async close(patience = 0): Promise<void> {
		await this.#publisher?.drain(patience);
		await this.#notifications?.close();
		await this.#database?.close();
	}
}
