/** What the suite does to a shop to see that nothing is lost: the only part of it that is not HTTP. */
export interface Faults {
	/** Sets variables of a function's environment on top of its own, in a new revision; none puts it back. */
	setEnvironment(service: string, env: Readonly<Record<string, string>>): Promise<void>;
	/** Sets how often the broker tries a trigger's deliveries again, as an operator may: all of the declared ones take two minutes. */
	setRetries(trigger: string, retries: number): Promise<void>;
	/** Ends the broker so that what it holds in memory is gone. */
	loseBrokerMemory(): Promise<void>;
	/** Ends Postgres without a chance to say goodbye. */
	crashDatabase(): Promise<void>;
}
