import { expect, test } from 'vitest';
import type { FunctionShape } from '../../functions/info/api.ts';
import { shop } from '../../tests/library/shapes.ts';
import { type Box, layOut } from './layout.ts';

/** Many functions that all emit and handle events and call one another. */
const busy: FunctionShape[] = Array.from({ length: 9 }, (_, index) => ({
	name: `function-${index}`,
	purpose: '',
	path: `/api/${index}`,
	data: true,
	calls: index ? [`function-${index - 1}`] : [],
	emits: [`type.${index}`, `type.${index + 1}`],
	reacts: Array.from({ length: index }, (_, type) => ({ type: `type.${type}`, trigger: `${index}-on-${type}` })),
	wakes: [],
	schedule: index % 2 ? '* * * * *' : null,
	dead_letters: index === 4,
}));

const overlap = (a: Box, b: Box): boolean =>
	a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test.each([
	['the shop', shop],
	['many busy functions', busy],
	['a single function', busy.slice(0, 1)],
])('lays out %s without overlaps and within the map', (_, shapes) => {
	const { width, height, houses, lanes, street, wires, notes } = layOut(shapes);
	const boxes: readonly Box[] = [...houses, street];
	const pairs = boxes.flatMap((a, index) => boxes.slice(index + 1).map((b) => [a, b] as const));
	expect(pairs.filter(([a, b]) => overlap(a, b))).toEqual([]);
	for (const { x, y, width: wide, height: high } of [...boxes, ...lanes.map(({ label }) => label)]) {
		expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
		expect([x + wide <= width, y + high <= height]).toEqual([true, true]);
	}
	const between = lanes.slice(1).map(({ label }, index) => label.y - (lanes[index]?.label.y ?? 0));
	expect(between.filter((step) => step < 28)).toEqual([]);
	for (const { path } of wires) {
		const numbers = path.match(/-?\d+(\.\d+)?/g)?.map(Number) ?? [];
		expect(numbers.filter((each) => !(each >= 0 && each <= Math.max(width, height)))).toEqual([]);
	}
	expect(notes.filter(({ x, y }) => x < 0 || x > width || y > street.y)).toEqual([]);
});

test('returns the same layout for the same declarations', () => {
	expect(layOut(structuredClone(shop))).toEqual(layOut(shop));
});

test.each([
	['the shop', shop],
	['many busy functions', busy],
])('gives %s a house for each function and a separate line for each declaration', (_, shapes) => {
	const { houses, lanes, wires } = layOut(shapes);
	expect(houses.map(({ name }) => name).sort()).toEqual(shapes.map(({ name }) => name).sort());
	const declared = shapes.flatMap((shape) => [
		...shape.calls.map((to) => `calls ${shape.name} ${to}`),
		...shape.emits.map((type) => `emits ${shape.name} ${type}`),
		...shape.reacts.map(({ trigger }) => `reacts ${trigger}`),
		...(shape.schedule ? [`wakes ${shape.name}`] : []),
		...(shape.dead_letters ? [`dead letters ${shape.name}`] : []),
	]);
	expect(wires.map(({ key }) => key).sort()).toEqual([...declared, ...lanes.map(({ type }) => `lane ${type}`)].sort());
	// No two vertical lines overlap.
	const upright = wires
		.filter(({ kind }) => kind === 'event')
		.flatMap(({ path }) => /^M(\S+) \S+V/.exec(path)?.[1] ?? []);
	expect(new Set(upright).size).toBe(upright.length);
});

test('puts the gateway left of all other houses', () => {
	const [gateway, ...others] = layOut(shop).houses;
	expect(gateway?.name).toBe('gateway');
	expect(others.filter(({ x }) => x < (gateway?.x ?? 0) + (gateway?.width ?? 0))).toEqual([]);
});

test('draws nothing without functions', () => {
	expect(layOut([])).toMatchObject({ houses: [], lanes: [], wires: [], notes: [] });
});
