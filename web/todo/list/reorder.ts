/** A row's position, in pixels from the top of the list. */
export interface Box {
	readonly top: number;
	readonly height: number;
}

/** Returns the index a row is dragged to: past each row whose middle it has crossed. `by` is positive downwards. */
export function placeOf(boxes: readonly Box[], from: number, by: number): number {
	const { top = 0, height = 0 } = boxes[from] ?? {};
	const middle = (box: Box): number => box.top + box.height / 2;
	const below = boxes.slice(from + 1).filter((box) => top + height + by > middle(box)).length;
	const above = boxes.slice(0, from).filter((box) => top + by < middle(box)).length;
	return from + below - above;
}

/** Returns how far the row at `index` shifts to make room for the dragged row. */
export function roomFor(boxes: readonly Box[], from: number, to: number, index: number): number {
	const height = boxes[from]?.height ?? 0;
	if (from < index && index <= to) return -height;
	if (to <= index && index < from) return height;
	return 0;
}

/**
 * Returns the id of the todo that the moved one goes in front of, or null for the end of the list.
 * @param shown the ids of the filtered list; `from` and `to` are indexes in it
 */
export function followerOf(all: readonly number[], shown: readonly number[], from: number, to: number): number | null {
	const others = shown.toSpliced(from, 1);
	const next = others[to];
	if (next !== undefined) return next;
	// Place it directly after the last shown todo; hidden todos can follow.
	const rest = all.filter((id) => id !== shown[from]);
	return rest[rest.indexOf(others.at(-1) ?? Number.NaN) + 1] ?? null;
}
