import type { JWK } from 'jose';
import { shop } from '../../shop.ts';
import type { Queryable } from '../data/database.ts';

/** After this long the keys are read again, in milliseconds: one that users has withdrawn is trusted no longer than that. */
const freshness = 5 * 60_000;

/** A key that is not known may be new; but tokens with invented keys must not make a query each. Milliseconds. */
const pause = 2_000;

/**
 * The keys that access tokens are verified with: users shows them to every function in its view `access_keys`, so that
 * none has to call it. Kept in the process, and read again when a token names one that is not among them.
 */
export class AccessKeys {
	readonly #db: Queryable;
	#keys: ReadonlyMap<string, JWK> = new Map();
	#readAt = Number.NEGATIVE_INFINITY;
	#reading: Promise<void> | undefined;

	constructor(db: Queryable) {
		this.#db = db;
	}

	/** The public key of this id, as long as tokens that it signed may be alive. */
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
