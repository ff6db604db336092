import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { archiveAt } from '../../database/archive/place.ts';
import { eventsIn } from '../../database/archive/reading.ts';
import type { ArchiveReader } from '../../database/archive/store.ts';
import { withArchive } from '../../k8s/cluster/claims/archive.ts';
import { exitCode } from '../../k8s/kubectl/failure.ts';
import { choosePlace, folderOf, isHere, type Where } from '../place/place.ts';
import { loggedOf } from './archived-event.ts';
import { type Logged, lineOf } from './event-line.ts';
import { completed, type Filters, matches } from './filters.ts';

interface ArchivedOptions extends Where, Filters {
	/** The place of the archive, or of one of its files. True means the archive of the shop. */
	readonly archive: string | true;
	readonly limit?: number | undefined;
	readonly json?: boolean | undefined;
}

/**
 * Prints archived events, oldest first: all, while they are read, or the last ones of a limit. Reports what is wrong with the files,
 * and prints the events that can be read.
 * @returns 0, or 1 if something of a file could not be read
 */
export async function archivedEvents(options: ArchivedOptions, stop: AbortSignal): Promise<number> {
	let code = 0;
	const report = (trouble: string): void => {
		process.stderr.write(`${trouble}\n`);
		code = exitCode.unknown;
	};
	await withPlace(options, async (archive, only) => {
		const names = only === undefined ? await archive.list() : [only];
		if (names.length === 0) process.stderr.write(`The archive ${archive.title} has no events yet.\n`);
		const filters = completed(options);
		const read = async function* (name: string): AsyncGenerator<Logged> {
			process.stderr.write(`Reading ${archive.title}/${name}\n`);
			for await (const archived of eventsIn(archive, name, report)) {
				stop.throwIfAborted();
				const event = loggedOf(archived);
				if (matches(event, filters)) yield event;
			}
		};
		const events = options.limit === undefined ? all(names, read) : last(names, read, options.limit);
		for await (const event of events) await print(`${options.json ? JSON.stringify(event) : lineOf(event)}\n`);
	});
	return code;
}

type Read = (name: string) => AsyncIterable<Logged>;

async function* all(names: readonly string[], read: Read): AsyncGenerator<Logged> {
	for (const name of names) yield* read(name);
}

/** Yields the last events. It reads the newest files only, each of them to its end, because gzip has no other way to its end. */
async function* last(names: readonly string[], read: Read, limit: number): AsyncGenerator<Logged> {
	let found: Logged[] = [];
	for (const name of names.toReversed()) {
		const own: Logged[] = [];
		for await (const event of read(name)) {
			own.push(event);
			if (own.length + found.length > limit) own.shift();
		}
		found = [...own, ...found];
		if (found.length === limit) break;
	}
	yield* found;
}

/** Writes to the output, and waits while its reader is slower. */
async function print(text: string): Promise<void> {
	if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Calls `use` with the archive that the options name, and with the name of the only file to read, if they name one. */
async function withPlace(
	{ archive, ...where }: ArchivedOptions,
	use: (archive: ArchiveReader, only?: string) => Promise<void>,
): Promise<void> {
	if (archive !== true) {
		const [file] = /[^/]+\.jsonl\.gz$/.exec(archive) ?? [];
		const place = file === undefined ? archive : archive.slice(0, -file.length) || '.';
		return await use(archiveAt(place, '--archive', process.env), file);
	}
	const place = process.env['ARCHIVE'] || join(folderOf(where), 'archive');
	// A closed shop has its archive too.
	if (isHere(where) !== false && (process.env['ARCHIVE'] || existsSync(place)))
		return await use(archiveAt(place, 'ARCHIVE', process.env));
	const chosen = await choosePlace(where);
	if ('kubectl' in chosen) await withArchive(chosen.kubectl, process.env['AWS_ENDPOINT_URL'], use);
	else process.stderr.write(`The archive ${place} has no events yet.\n`);
}
