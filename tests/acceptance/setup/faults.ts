/** The faults that the suite injects into a shop to check that nothing is lost. All its other steps use HTTP. */
export interface Faults {
	/** Adds variables to a function's own environment, in a new revision; `{}` restores its own environment. */
	setEnvironment(service: string, env: Readonly<Record<string, string>>): Promise<void>;
	/** Sets how often the broker retries a trigger's deliveries; the declared retries take two minutes. */
	setRetries(trigger: string, retries: number): Promise<void>;
	/** Kills the broker, which loses the events in its memory. */
	loseBrokerMemory(): Promise<void>;
	/** Kills Postgres without a clean shutdown. */
	crashDatabase(): Promise<void>;
}
