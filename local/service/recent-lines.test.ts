import { expect, test } from 'vitest';
import { RecentLines } from './recent-lines.ts';

test('returns the lines after a number, in the order in which they were printed', () => {
	const lines = new RecentLines();
	lines.add('books', 'one');
	lines.add('orders', 'two');
	lines.add('books', 'three');
	expect(lines.after(0).map(({ number, source, text }) => [number, source, text])).toEqual([
		[1, 'books', 'one'],
		[2, 'orders', 'two'],
		[3, 'books', 'three'],
	]);
	expect(lines.after(2).map(({ text }) => text)).toEqual(['three']);
});

test('stores at most 300,000 characters of each source, and drops the oldest lines', () => {
	const lines = new RecentLines();
	lines.add('orders', 'quiet');
	for (let index = 0; index < 1_000; index++) lines.add('books', `${index} ${'x'.repeat(1_000)}`);
	lines.add('billing', 'y'.repeat(1_000_000));
	const stored = lines.after(0);
	const of = (source: string) => stored.filter((line) => line.source === source).map(({ text }) => text);
	expect(of('orders')).toEqual(['quiet']);
	expect(of('books').at(-1)).toMatch(/^999 /);
	expect(of('books').join('').length).toBeGreaterThan(298_000);
	expect(of('books').join('').length).toBeLessThanOrEqual(300_000);
	expect(of('billing').map((text) => text.length)).toEqual([300_000]);
});
