/** Where a row of a list lies, in pixels from the list's top. */
export interface Box {
	readonly top: number;
	readonly height: number;
}

/** The place that a row is dragged to: past each other row whose middle it has crossed. `by` is how far, down or up. */
export function placeOf(boxes: readonly Box[], from: number, by: number): number {
	const { top = 0, height = 0 } = boxes[from] ?? {};
	const middle = (box: Box): number => box.top + box.height / 2;
	const below = boxes.slice(from + 1).filter((box) => top + height + by > middle(box)).length;
	const above = boxes.slice(0, from).filter((box) => top + by < middle(box)).length;
	return from + below - above;
}

/** How far the row at `index` goes to make room for the one that is dragged. */
export function roomFor(boxes: readonly Box[], from: number, to: number, index: number): number {
	const height = boxes[from]?.height ?? 0;
	if (from < index && index <= to) return -height;
	if (to <= index && index < from) return height;
	return 0;
}

/**
 * Which one of the whole list it then stands in front of; null is the end.
 * @param all the ids of the whole list
 * @param shown those of them that are shown, among which it goes from one place to another
 */
export function followerOf(all: readonly number[], shown: readonly number[], from: number, to: number): number | null {
	const others = shown.toSpliced(from, 1);
	const next = others[to];
	if (next !== undefined) return next;
	// Behind the last that is shown, though there may be more that is not.
	const rest = all.filter((id) => id !== shown[from]);
	return rest[rest.indexOf(others.at(-1) ?? Number.NaN) + 1] ?? null;
}
