/** What the suite does to a shop to see that nothing is lost: the only part of it that is not HTTP. */
export interface Faults {
	/** Sets variables of a function's environment on top of its own, in a new revision; none puts it back. */
	setEnvironment(service: string, env: Readonly<Record<string, string>>): Promise<void>;
	/** Ends the broker so that what it holds in memory is gone. */
	loseBrokerMemory(): Promise<void>;
	/** Ends Postgres without a chance to say goodbye. */
	crashDatabase(): Promise<void>;
}
