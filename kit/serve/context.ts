import { AccessKeys } from '../auth/access-keys.ts';
import type { Database } from '../data/database.ts';
import type { Notifications } from '../data/notifications.ts';
import type { Config } from '../declare/config.ts';
import type { Arguments, Contract, Operation } from '../declare/contract.ts';
import type { Declaration, Settings } from '../declare/declare.ts';
import { Publisher } from '../events/publisher.ts';
import { type CallResult, callOperation } from '../http/call.ts';

interface Driver {
	readonly Database: typeof Database;
	readonly Notifications: typeof Notifications;
}

/** Creates the context of a process. Only a function with data loads the Postgres driver, which takes 4 ms of a cold start. */
export async function openContext(declaration: Declaration, config: Config): Promise<Context> {
	if (config.databaseUrl === undefined) return new Context(declaration, config);
	const [{ Database }, { Notifications }] = await Promise.all([
		import('../data/database.ts'),
		import('../data/notifications.ts'),
	]);
	return new Context(declaration, config, { Database, Notifications });
}

/** The services for operations and reactions, created once per process from the declaration and the environment. */
export class Context {
	readonly declaration: Declaration;
	readonly config: Config;
	readonly #stopping = new AbortController();
	readonly #database: Database | undefined;
	readonly #accessKeys: AccessKeys | undefined;
	readonly #publisher: Publisher | undefined;
	readonly #notifications: Notifications | undefined;

	/** @param driver the modules that use the Postgres driver, if the function has data */
	constructor(declaration: Declaration, config: Config, driver?: Driver) {
		this.declaration = declaration;
		this.config = config;
		this.#publisher = config.sink === undefined ? undefined : new Publisher(config.sink);
		const { databaseUrl: url, directUrl = url } = config;
		if (driver && url !== undefined && directUrl !== undefined) {
			this.#database = new driver.Database({
				url,
				// Listening takes one of the declared connections, so the pool gets the others.
				connections: Math.max(1, (declaration.data?.connections ?? 1) - 1),
				fn: declaration.name,
				emits: declaration.emits,
				publish: (events) => this.#publisher?.publish(events),
			});
			this.#accessKeys = new AccessKeys(this.#database);
			this.#notifications = new driver.Notifications(directUrl, declaration.name, this.stopping);
		}
	}

	/** Returns the settings of the function's own declaration: `context.settings<typeof declaration>()`. */
	settings<Own extends Declaration>(): Settings<Own> {
		return this.config.settings as Settings<Own>;
	}

	/** Aborted when the instance stops, to end long-running work. */
	get stopping(): AbortSignal {
		return this.#stopping.signal;
	}

	stop(): void {
		this.#stopping.abort();
	}

	/** Returns a part that exists only with data. @throws {Error} when the function declares none */
	#withData<Part>(part: Part | undefined): Part {
		if (!part) throw new Error(`function "${this.declaration.name}" has no data: set data: true in its declaration`);
		return part;
	}

	get db(): Database {
		return this.#withData(this.#database);
	}

	/** The keys that verify access tokens. `declare` ensures that every function with protected operations has data. */
	get accessKeys(): AccessKeys {
		return this.#withData(this.#accessKeys);
	}

	/** Postgres notifications, to wait for changes that another instance makes. */
	get notifications(): Notifications {
		return this.#withData(this.#notifications);
	}

	/** @throws {Error} when the function publishes no events, and so has no Broker. */
	get publisher(): Publisher {
		if (!this.#publisher)
			throw new Error(`function "${this.declaration.name}" cannot publish events: K_SINK is not set`);
		return this.#publisher;
	}

	transaction<T>(...args: Parameters<typeof Database.prototype.transaction<T>>): Promise<T> {
		return this.db.transaction(...args);
	}

	/** The declaration must list the contract in `calls`. @throws {Problem} 503 when the function does not answer */
	call<Operations extends Record<string, Operation>, Name extends keyof Operations & string>(
		contract: Contract<Operations>,
		name: Name,
		input: Arguments<Operations[Name]>,
	): Promise<CallResult<Operations[Name]>> {
		const fn = Object.entries(this.declaration.calls).find(([, listed]) => listed === contract)?.[0];
		const url = fn === undefined ? undefined : this.config.functionUrls[fn];
		if (fn === undefined || url === undefined)
			throw new Error(
				`function "${this.declaration.name}" is not allowed to call ${contract.base}: list it in the declaration's calls`,
			);
		return callOperation(fn, url, contract, contract.operations[name] as Operations[Name], input);
	}

	/** Connects to the database, which makes the first reaction of an instance take 6 ms instead of 20. */
	warm(): void {
		this.ready().catch(() => {}); // The request itself will report it.
	}

	/** Checks that the database answers, if the function has data. @throws {Problem} 503 */
	async ready(): Promise<void> {
		await this.#database?.ping();
	}

	/** Waits up to `patience` milliseconds until all events are published, then closes the connections. */
	async close(patience = 0): Promise<void> {
		await this.#publisher?.drain(patience);
		await this.#notifications?.close();
		await this.#database?.close();
	}
}
