/** A line that a process of the shop has printed. */
export interface Line {
	/** Counts all lines since the shop was opened. */
	readonly number: number;
	readonly time: string;
	/** The Service, or another part of the shop such as `broker`. */
	readonly source: string;
	readonly text: string;
}

/** The most characters that are stored of each source's lines, so that a busy function leaves room for the others. */
const room = 300_000;

/** The last lines of every source, in memory. */
export class RecentLines {
	readonly #sources = new Map<string, { lines: Line[]; size: number }>();
	#count = 0;

	add(source: string, text: string): void {
		const stored = this.#sources.get(source) ?? { lines: [], size: 0 };
		this.#sources.set(source, stored);
		this.#count += 1;
		stored.lines.push({ number: this.#count, time: new Date().toISOString(), source, text: text.slice(0, room) });
		stored.size += Math.min(text.length, room);
		while (stored.size > room) stored.size -= stored.lines.shift()?.text.length ?? 0;
	}

	/** Returns the stored lines after the one with this number, in their order; of some sources, or of all if none is named. */
	after(number: number, sources: readonly string[] = []): Line[] {
		const wanted = sources.length ? sources.map((name) => this.#sources.get(name)) : [...this.#sources.values()];
		const lines = wanted.flatMap((source) => source?.lines.filter((line) => line.number > number) ?? []);
		return lines.sort((a, b) => a.number - b.number);
	}
}
