import type { ClientBase } from 'pg';

/** Tables with what a removal has taken from the log, and nothing else. They are quiet: nobody reads or writes them any more. */
export interface Removed {
	/**
	 * The table of the events, quoted and with its schema, with the columns of `eventing.events`. The name is unique. An archive gets
	 * the same one again after a run was killed or an archive failed: what it stored of that table before is to be replaced.
	 */
	readonly events: string;
	/** The table of the deliveries of these events, in the same form. */
	readonly deliveries: string;
	/** The table of the dead letters of these events, in the same form. */
	readonly deadLetters: string;
	/** The time of the oldest of these events, and of the newest. Those of two removals can overlap. */
	readonly from: Date;
	readonly to: Date;
}

/**
 * Archives the rows of a removal. Resolves when the archive is complete and durable; the tables are dropped then. If it
 * rejects, they stay, and the next run tries again.
 * @param db a connection outside of a transaction, with the rights of the owner of the schema `eventing`
 */
export type Archive = (db: ClientBase, removed: Removed) => Promise<void>;
