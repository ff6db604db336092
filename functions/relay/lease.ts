import { randomUUID } from 'node:crypto';
import type { Queryable } from '../../kit/data/database.ts';

/** How long a lease is valid, in seconds: the time until another instance continues the work of one that was killed. */
const lifetime = 20;
/** After these milliseconds the lease is renewed. */
const renewal = 5_000;

/** The right of one instance to republish events. */
export class Lease {
	readonly #db: Queryable;
	readonly #holder = randomUUID();
	#renewed = Number.NEGATIVE_INFINITY;

	constructor(db: Queryable) {
		this.#db = db;
	}

	/** Takes or renews the lease. Returns whether this instance holds it. */
	async hold(): Promise<boolean> {
		if (performance.now() - this.#renewed < renewal) return true;
		// A lease that ends later than a lease can was taken before the clock was set back.
		const { rowCount } = await this.#db.query(
			`update eventing.relay_lease set holder = $1, ends_at = now() + make_interval(secs => $2)
			 where holder = $1 or ends_at not between clock_timestamp() and clock_timestamp() + make_interval(secs => $2)`,
			[this.#holder, lifetime],
		);
		if (rowCount === 1) this.#renewed = performance.now();
		return rowCount === 1;
	}

	async release(): Promise<void> {
		this.#renewed = Number.NEGATIVE_INFINITY;
		await this.#db.query(`update eventing.relay_lease set ends_at = '-infinity' where holder = $1`, [this.#holder]);
	}
}
