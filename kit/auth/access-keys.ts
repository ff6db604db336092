import type { JWK } from 'jose';
import { shop } from '../../shop.ts';
import type { Queryable } from '../data/database.ts';

/** How long cached keys are used, in milliseconds. A key that users has withdrawn stays trusted at most this long. */
const freshness = 5 * 60_000;

/** The pause between reads for unknown keys, in milliseconds: tokens with invented keys must not cause a query each. */
const pause = 2_000;

/**
 * The keys that verify access tokens. The function users shows them to every function in its view `access_keys`, so no
 * function has to call it. They are cached in the process, and reread when a token names an unknown key.
 */
export class AccessKeys {
	readonly #db: Queryable;
	#keys: ReadonlyMap<string, JWK> = new Map();
	#readAt = Number.NEGATIVE_INFINITY;
	#reading: Promise<void> | undefined;

	constructor(db: Queryable) {
		this.#db = db;
	}

	/** Returns the public key with this id, as long as tokens signed with it can still be valid. */
	async find(kid: string): Promise<JWK | undefined> {
		const age = performance.now() - this.#readAt;
		if (age > freshness || (age > pause && !this.#keys.has(kid))) {
			this.#reading ??= this.#read().finally(() => {
				this.#reading = undefined;
			});
			await this.#reading;
		}
		return this.#keys.get(kid);
	}

	async #read(): Promise<void> {
		const begun = performance.now();
		const { rows } = await this.#db.query<{ kid: string; public_key: JWK }>(
			`select kid, public_key from ${shop.accounts}.access_keys`,
		);
		this.#keys = new Map(rows.map(({ kid, public_key }) => [kid, public_key]));
		this.#readAt = begun;
	}
}
