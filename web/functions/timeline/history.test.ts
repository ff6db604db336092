import { expect, test } from 'vitest';
import { changesOf, instancesAt, mostOf, outlineOf, peakSince } from './history.ts';

const at = (second: number): string => new Date(second * 1000).toISOString();
const span = { from: 100_000, to: 700_000 };
const history = [
	{ at: at(100), instances: 1 },
	{ at: at(160), instances: 3 },
	{ at: at(400), instances: 0 },
];

test('returns the instance count of the last change', () => {
	expect([99, 100, 159, 160, 399, 400, 900].map((second) => instancesAt(history, second * 1000))).toEqual([
		0, 1, 1, 3, 3, 0, 0,
	]);
	expect(instancesAt([], 5)).toBe(0);
});

test('returns the maximum of the span, including its start', () => {
	expect(mostOf(history, span)).toBe(3);
	expect(mostOf(history, { from: 399_000, to: 700_000 })).toBe(3);
	expect(mostOf(history, { from: 400_000, to: 700_000 })).toBe(0);
});

test('returns the peak from a change on', () => {
	expect([undefined, at(160), at(400)].map((since) => peakSince(history, since))).toEqual([3, 3, 0]);
});

test('returns the changes of the count within the span', () => {
	expect(changesOf(history, span)).toEqual(history.slice(1));
	expect(changesOf([...history, { at: at(500), instances: 0 }], span)).toEqual(history.slice(1));
	expect(changesOf(history, { from: 90_000, to: 150_000 })).toEqual(history.slice(0, 1));
});

test('draws an outline that steps at each change and ends at zero', () => {
	expect(outlineOf(history, span, 3)).toBe('M0 3V2H60V0H300V3H600V3');
	expect(outlineOf([], span, 2)).toBe('M0 2V2H600V2');
});
