import { setTimeout as after } from 'node:timers/promises';
import { messageOf, unavailable } from '../../kit/http/problem.ts';
import { log } from '../../kit/trace/log.ts';
import type { LogLine } from './api.ts';
import { severities } from './detail.ts';
import type { LogReader, RawLine } from './platform.ts';

interface Filters {
	readonly severity: LogLine['severity'];
	/** The first digits of a trace id. */
	readonly trace?: string | undefined;
}

/** The most lines that a client gets at once: at first, and after each pause. */
const most = 200;
/** The most characters of a message, and of each other field. */
const longest = 2_000;
/** The time between two reads, in milliseconds. */
const pause = 500;
/** The most streams of an instance, because each reads for itself. */
const places = 16;
let following = 0;

/** Returns the last lines, oldest first. */
export const lastLines = async (read: LogReader, filters: Filters): Promise<LogLine[]> =>
	shown(await read(), filters).slice(-most);

/** Yields the last lines, oldest first, then new ones. @throws {Problem} 503 when the log cannot be read, or too many follow it */
export async function followLog(
	read: LogReader,
	filters: Filters,
): Promise<(signal: AbortSignal) => AsyncIterable<LogLine>> {
	if (following >= places)
		throw unavailable(`${places} streams of logs are open already. Close one, or try again later.`, undefined, 60);
	const first = await lastLines(read, filters);
	return async function* (signal) {
		following += 1;
		try {
			yield* first;
			while (!signal.aborted) {
				await after(pause, undefined, { signal });
				const lines = shown(await read(), filters);
				const left = lines.length - most;
				if (left > 0) yield leftOut(left, lines[left] as LogLine);
				yield* lines.slice(-most);
			}
		} catch (error) {
			// The stream ends, and the client connects again.
			if (!signal.aborted) log.warn('cannot read the log', { error: messageOf(error) });
		} finally {
			following -= 1;
		}
	};
}

const leftOut = (count: number, { time, service }: LogLine): LogLine => ({
	time,
	service,
	severity: 'WARNING',
	message: `${count} lines are left out here, because too many came at once`,
	trace: null,
	fields: {},
});

function shown(lines: readonly RawLine[], { severity, trace = '' }: Filters): LogLine[] {
	const least = severities.indexOf(severity);
	return lines
		.map(parseLine)
		.filter((line) => severities.indexOf(line.severity) >= least && (line.trace ?? '').startsWith(trace));
}

/** Parses a line of kit/trace/log.ts. Any other line, such as one of Node itself, is a message without fields. */
export function parseLine({ service, time, text }: RawLine): LogLine {
	const { time: own, severity, message, trace, function: _service, ...rest } = parse(text) ?? { message: text };
	return {
		time: typeof own === 'string' ? own : time,
		service,
		severity: severities.find((each) => each === severity) ?? 'INFO',
		message: String(message ?? '').slice(0, longest),
		trace: typeof trace === 'string' ? trace : null,
		fields: Object.fromEntries(
			Object.entries(rest).map(([key, value]) => [key, typeof value === 'string' ? value.slice(0, longest) : value]),
		),
	};
}

function parse(text: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}
