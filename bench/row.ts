/** A figure, beside the one that was measured alternately in the same run. */
export interface Row {
	readonly what: string;
	readonly value: string;
	readonly beside: string;
	readonly goal?: string;
	/** Undefined without a goal. */
	readonly met?: boolean;
}

/** The bound of a ratio, or of an absolute figure. */
export type Goal = { readonly least: number } | { readonly most: number };

export const isMet = (figure: number, goal: Goal): boolean =>
	'least' in goal ? figure >= goal.least : figure <= goal.most;

export const goalText = (goal: Goal, unit: string): string =>
	'least' in goal ? `≥ ${goal.least}${unit}` : `≤ ${goal.most}${unit}`;

/** Returns the row of a figure whose ratio to a peer's counts: that of the medians. */
export function ratioRow(
	what: string,
	own: readonly number[],
	peer: { readonly name: string; readonly values: readonly number[] },
	{ unit, digits = 0, goal }: { readonly unit: string; readonly digits?: number; readonly goal?: Goal },
): Row {
	const ratio = median(own) / median(peer.values);
	return {
		what,
		value: `${median(own).toFixed(digits)} ${unit}`,
		beside: `${ratio.toFixed(2)}x ${peer.name} (${median(peer.values).toFixed(digits)} ${unit})`,
		...(goal && { goal: goalText(goal, 'x'), met: isMet(ratio, goal) }),
	};
}

/** Returns the row of a figure that has no peer. */
export const plainRow = (what: string, figure: number, unit: string, goal?: Goal, digits = 0): Row => ({
	what,
	value: `${figure.toFixed(digits)}${unit && ` ${unit}`}`,
	beside: '',
	...(goal && { goal: goalText(goal, unit && ` ${unit}`), met: isMet(figure, goal) }),
});

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Returns the value below which the share `p` of the values lies. */
export function percentile(values: readonly number[], p: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

/** Returns a Markdown table with aligned columns. */
export function table(rows: readonly Row[]): string {
	const lines = [
		['measurement', 'figure', 'beside', 'goal', ''],
		...rows.map(({ what, value, beside, goal = '', met }) => [
			what,
			value,
			beside,
			goal,
			met === undefined ? '' : met ? 'met' : 'not met',
		]),
	];
	const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
	const text = lines.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
	text.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
	return text.join('\n');
}
