import { expect, test } from 'vitest';
import { deliveryTo, eventOf, saga } from '../testing.ts';
import { layOut } from './sequence.ts';
import { stepsOf } from './steps.ts';

test('orders lifelines: the first publisher, the Broker, then the other functions as they appear', () => {
	const { lifelines, width } = layOut(stepsOf(saga));
	expect(lifelines.map(({ name }) => name)).toEqual(['orders', 'Broker', 'books', 'billing']);
	const places = lifelines.map(({ x }) => x);
	expect(places).toEqual(places.toSorted((one, other) => one - other));
	expect(new Set(places).size).toBe(4);
	expect(width).toBeGreaterThan(Math.max(...places));
});

test('lays out time downwards, with longer waits taking more space', () => {
	const { arrows, height } = layOut(stepsOf(saga));
	const rows = arrows.map(({ y }) => y);
	expect(rows).toEqual(rows.toSorted((one, other) => one - other));
	expect(new Set(rows).size).toBe(9);
	expect(height).toBeGreaterThan(rows.at(-1) ?? 0);
	expect(arrows.map(({ since }) => since)).toEqual([0, 200, 220, 220, 400, 430, 430, 500, 510]);
	const distance = (index: number): number => (rows[index] ?? 0) - (rows[index - 1] ?? 0);
	expect(distance(1)).toBeGreaterThan(distance(2));
	expect(distance(2)).toBeGreaterThan(distance(3));
});

test('draws published events to the Broker, deliveries from it, and handling on one lifeline', () => {
	const { arrows, lifelines, bars } = layOut(stepsOf(saga));
	const name = (x: number) => lifelines.find((lifeline) => lifeline.x === x)?.name;
	expect(arrows.map(({ from, to }) => `${name(from)} to ${name(to)}`)).toEqual([
		'orders to Broker',
		'Broker to books',
		'books to books',
		'books to Broker',
		'Broker to billing',
		'billing to billing',
		'billing to Broker',
		'Broker to orders',
		'orders to orders',
	]);
	const y = (index: number) => arrows[index]?.y;
	expect(bars.map(({ event, top, bottom }) => [event, top, bottom])).toEqual([
		['a', y(1), y(2)],
		['b', y(4), y(5)],
		['c', y(7), y(8)],
	]);
});

test('draws failed attempts and pending deliveries, the latter without a time', () => {
	const steps = stepsOf([
		eventOf('a', { deliveries: [deliveryTo('billing', { failed: [1, 100_000], status: 'failing' })] }),
	]);
	const { arrows, bars } = layOut(steps);
	expect(arrows.map(({ step, since }) => [step.kind, since])).toEqual([
		['published', 0],
		['failed', 1],
		['failed', 100_000],
		['waiting', undefined],
	]);
	expect(bars).toEqual([]);
	// A long wait takes limited space.
	expect((arrows[2]?.y ?? 0) - (arrows[1]?.y ?? 0)).toBeLessThan(100);
});

test('lays out an empty trace with only the Broker', () => {
	expect(layOut([])).toMatchObject({ arrows: [], bars: [], lifelines: [{ name: 'Broker' }] });
});
