import { pipeline, type Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { messageOf } from '../../kit/http/problem.ts';
import { type ArchivedEvent, parseLine } from './event.ts';
import type { ArchiveReader } from './store.ts';

/** The longest line, in characters. A longer one is no event of a function, and would fill the memory. */
const longest = 4 * 2 ** 20;

/** The most lines of a file that are reported. The others are counted. */
const mostReported = 5;

/**
 * Yields the events of a file while it is read. It skips lines that are no events, and ends where the file cannot be read further.
 * @param report gets what is wrong, with the name of the file and the number of the line
 */
export async function* eventsIn(
	archive: ArchiveReader,
	name: string,
	report: (trouble: string) => void,
): AsyncGenerator<ArchivedEvent> {
	const title = `${archive.title}/${name}`;
	let file: Readable;
	try {
		file = await archive.open(name);
	} catch (error) {
		return report(messageOf(error));
	}
	let [number, skipped] = [0, 0];
	try {
		for await (const line of linesOf(pipeline(file, createGunzip(), () => {}))) {
			number += 1;
			const event = parsed(line);
			if (!(event instanceof Error)) yield event;
			else if (++skipped <= mostReported) report(`${title}, line ${number}: ${event.message}`);
		}
	} catch (error) {
		report(`${title}, after line ${number}: the file cannot be read further: ${messageOf(error)}`);
	} finally {
		file.destroy();
		if (skipped > mostReported) report(`${title}: ${skipped - mostReported} more lines are no events`);
	}
}

function parsed(line: string): ArchivedEvent | Error {
	try {
		return parseLine(line);
	} catch (error) {
		return error as Error;
	}
}

async function* linesOf(content: AsyncIterable<Buffer>): AsyncGenerator<string> {
	const decoder = new StringDecoder('utf8');
	let rest = '';
	for await (const chunk of content) {
		const lines = (rest + decoder.write(chunk)).split('\n');
		rest = lines.pop() ?? '';
		if (rest.length > longest) throw new Error(`a line is longer than ${longest} characters`);
		yield* lines;
	}
	if (rest) yield rest;
}
