import type { Readable } from 'node:stream';

/** A place with archived files, to read them. */
export interface ArchiveReader {
	/** For messages: `/home/ada/archive`, `s3://bucket/prefix`. */
	readonly title: string;
	/** Returns the names of the files, oldest first. @throws {Error} with the next step when the place cannot be read */
	list(): Promise<string[]>;
	/** Opens a file. @throws {Error} with the next step when it cannot be read */
	open(name: string): Promise<Readable>;
}

/** A place to write archived files to. */
export interface ArchiveStore extends ArchiveReader {
	/** Writes a file, or replaces it. Nobody sees it before it is complete and durable. @throws {Error} with the next step */
	write(name: string, content: AsyncIterable<Uint8Array>): Promise<void>;
}

/**
 * Returns the name of a file. Names are in the order of their oldest events.
 * @param from the time of the oldest event
 * @param table the table of the events, which makes the name unique: `eventing.events_20261123`
 */
export const fileName = (from: Date, table: string, part: number): string =>
	`events-${from.toISOString().slice(0, 10)}-${table.replace(/^.*events_|"/g, '')}-${String(part).padStart(4, '0')}.jsonl.gz`;

/** Whether a name can be one of `fileName`. */
export const isArchiveFile = (name: string): boolean => /^events-\d{4}-\d\d-\d\d-\w+-\d{4}\.jsonl\.gz$/.test(name);
