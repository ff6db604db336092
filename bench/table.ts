export interface Row {
	readonly what: string;
	readonly value: string;
	readonly ratio: string;
	readonly goal?: string;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Returns the value below which the share `p` of the values lies. */
export function percentile(values: readonly number[], p: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

/** Returns a Markdown table with aligned columns. */
export function table(rows: readonly Row[]): string {
	const lines = [
		['measurement', 'figure', 'compared with', 'goal'],
		...rows.map(({ what, value, ratio, goal = '' }) => [what, value, ratio, goal]),
	];
	const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
	const text = lines.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
	text.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
	return text.join('\n');
}
