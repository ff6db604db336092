import { expect, test } from 'vitest';
import { followerOf, placeOf, roomFor } from './reorder.ts';

/** Rows of 40, 40, 80 and 40 pixels. */
const boxes = [
	{ top: 0, height: 40 },
	{ top: 40, height: 40 },
	{ top: 80, height: 80 },
	{ top: 160, height: 40 },
];

test.each([
	[0, 0, 0],
	[0, 20, 0],
	[0, 21, 1],
	[0, 80, 1],
	[0, 81, 2],
	[0, 1000, 3],
	[0, -1000, 0],
	[3, -40, 3],
	[3, -41, 2],
	[3, -1000, 0],
	[1, -21, 0],
	[1, 100, 2],
])('moves the row at %i, dragged by %i pixels, to %i', (from, by, to) => expect(placeOf(boxes, from, by)).toBe(to));

test('shifts the other rows by the height of the dragged row', () => {
	const room = (from: number, to: number) => boxes.map((_, index) => roomFor(boxes, from, to, index));
	expect(room(0, 2)).toEqual([0, -40, -40, 0]);
	expect(room(2, 0)).toEqual([80, 80, 0, 0]);
	expect(room(1, 1)).toEqual([0, 0, 0, 0]);
});

test.each([
	[[1, 2, 3], 0, 1, 3],
	[[1, 2, 3], 0, 2, null],
	[[1, 2, 3], 2, 0, 1],
	[[1, 2, 3], 1, 0, 1],
])('in %j, a move from %i to %i goes in front of %j', (ids, from, to, wanted) =>
	expect(followerOf(ids, ids, from, to)).toBe(wanted),
);

test('places a row directly after the last shown one in a filtered list', () => {
	const all = [1, 2, 3, 4, 5];
	expect(followerOf(all, [1, 3, 4], 0, 2)).toBe(5);
	expect(followerOf(all, [1, 3, 4], 0, 1)).toBe(4);
	expect(followerOf(all, [1, 2, 3], 0, 2)).toBe(4);
	expect(followerOf(all, [2, 5], 0, 1)).toBeNull();
	expect(followerOf(all, [1, 4, 5], 2, 1)).toBe(4);
});
