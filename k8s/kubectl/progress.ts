import { setTimeout as after } from 'node:timers/promises';
import { styleText } from 'node:util';

/** The options of the commands that only report. */
export interface ReportOptions {
	readonly namespace?: string | undefined;
	readonly json?: boolean | undefined;
}

/** Prints a result, as JSON or in words. */
export function printResult<T>(result: T, prose: (result: T) => string, json?: boolean): void {
	process.stdout.write(json ? `${JSON.stringify(result, null, '\t')}\n` : prose(result));
}

/**
 * Runs a step and shows its progress on stderr: on a terminal a line that counts the seconds, otherwise a line when the
 * step takes longer than 2 s. At its end it prints the duration, unless it is `quiet`.
 */
export async function step<T>(
	label: string,
	work: (tell: (detail: string) => void) => Promise<T>,
	{ quiet = false } = {},
): Promise<T> {
	const start = performance.now();
	const terminal = process.stderr.isTTY;
	const seconds = (): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;
	let detail = '';
	let told = '';
	const show = (): void => {
		const now = detail ? `${label}: ${detail}` : label;
		if (terminal) process.stderr.write(`\r\x1b[K  ${`${now} ${seconds()}`.slice(0, process.stderr.columns - 3)}`);
		else if (now !== told && performance.now() - start > 2000) process.stderr.write(`  ${now} …\n`);
		told = now;
	};
	const timer = setInterval(show, terminal ? 200 : 2000);
	const end = (mark: string): void => {
		clearInterval(timer);
		const line = `${mark} ${label} ${styleText('dim', seconds(), { stream: process.stderr })}\n`;
		process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${quiet ? '' : line}`);
	};
	try {
		const result = await work((now) => {
			detail = now;
		});
		end(styleText('green', '✓', { stream: process.stderr }));
		return result;
	} catch (error) {
		end(styleText('red', '✗', { stream: process.stderr }));
		throw error;
	}
}

/** Writes bytes for people, such as `1.2 GB`. */
export const bytesText = (bytes: number): string =>
	bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

/** Writes a rate for people, such as `25.0 MB/s`. */
export const rateText = (bytes: number, milliseconds: number): string =>
	`${bytesText((bytes * 1000) / Math.max(1, milliseconds))}/s`;

/**
 * Tells each second how many bytes a work has written so far, and at which rate.
 * @param read returns the bytes, or NaN while they are not known
 */
export async function followBytes<T>(
	tell: (detail: string) => void,
	read: () => Promise<number>,
	work: () => Promise<T>,
): Promise<T> {
	const start = performance.now();
	const ended = new AbortController();
	const follow = async (): Promise<void> => {
		while (!ended.signal.aborted) {
			await after(1_000, undefined, { signal: ended.signal });
			const bytes = await read().catch(() => Number.NaN);
			if (bytes >= 0) tell(`${bytesText(bytes)}, ${rateText(bytes, performance.now() - start)}`);
		}
	};
	follow().catch(() => {}); // The end of the work interrupts the pause.
	return await work().finally(() => ended.abort());
}
