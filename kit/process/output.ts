/** The most bytes that wait for the reader of the output. Node stores them without a bound, and a reader can stop reading. */
const most = 1_000_000;

/** Writes lines to standard output, or drops them while its reader is too far behind. */
export function print(lines: string): void {
	if (process.stdout.writableLength < most) process.stdout.write(lines);
}
