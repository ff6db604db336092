import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { Database } from '../../kit/data/database.ts';
import { roleUrl } from '../../tests/run/owner.ts';
import { freshDatabase } from '../../tests/testing.ts';
import { between } from './order.ts';
import * as todos from './todos.ts';

async function openDatabase(): Promise<Database> {
	const url = roleUrl(await freshDatabase(), 'todo');
	const db = new Database({ url, connections: 6, fn: 'todo', emits: [], publish: () => {} });
	onTestFinished(() => db.close());
	return db;
}

const ids = async (db: Database, list: string): Promise<number[]> =>
	(await todos.read(db, list, 1000)).map(({ id }) => id);
const add = (db: Database, list: string): Promise<number> =>
	db.transaction(async (tx) => (await todos.add(tx, list, 'Something to do')).id);
const move = (db: Database, list: string, id: number, before: number | null): Promise<unknown> =>
	db.transaction((tx) => todos.change(tx, list, id, { before }));

/** The effect of a change on an array of ids, the model of a list. */
type Change = (model: readonly number[]) => number[];
const moved =
	(id: number, before: number | null): Change =>
	(model) => {
		if (id === before) return [...model];
		const others = model.filter((each) => each !== id);
		return before === null ? [...others, id] : others.toSpliced(others.indexOf(before), 0, id);
	};

// A place in a list, as a fraction of its length, so that it is valid for lists of any length.
const somewhere = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (model: readonly number[], where: number): number => model[Math.floor(where * model.length)] as number;
const target = fc.option(somewhere);
const aMove = fc.record({ what: fc.constant('move' as const), which: somewhere, before: target });

test('any sequence of adds, moves and deletes gives the same order as on an array', async () => {
	const db = await openDatabase();
	const step = fc.oneof(
		fc.record({ what: fc.constant('add' as const) }),
		{ weight: 3, arbitrary: aMove },
		fc.record({ what: fc.constant('delete' as const), which: somewhere }),
		fc.record({ what: fc.constant('mark' as const), which: somewhere }),
	);
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
			const list = randomUUID();
			let model = [await add(db, list), await add(db, list), await add(db, list)];
			for (const each of steps) {
				if (each.what === 'add') model.push(await add(db, list));
				else if (model.length) {
					const id = at(model, each.which);
					if (each.what === 'mark') await db.transaction((tx) => todos.change(tx, list, id, { done: true }));
					else if (each.what === 'delete') {
						expect(await todos.remove(db, list, id)).toBe(true);
						model = model.filter((other) => other !== id);
					} else {
						const before = each.before === null ? null : at(model, each.before);
						await move(db, list, id, before);
						model = moved(id, before)(model);
					}
				}
				expect(await ids(db, list)).toEqual(model);
			}
		}),
		{ numRuns: 25 },
	);
});

/** Returns all permutations of a list. */
const permutations = <T>(all: readonly T[]): T[][] =>
	all.length
		? all.flatMap((first, index) => permutations(all.toSpliced(index, 1)).map((rest) => [first, ...rest]))
		: [[]];

test('parallel moves, marks and adds have the same result as some consecutive order of them', async () => {
	const db = await openDatabase();
	const step = fc.oneof(
		{ weight: 4, arbitrary: aMove },
		fc.record({ what: fc.constant('mark' as const), which: somewhere }),
	);
	await fc.assert(
		fc.asyncProperty(fc.array(fc.array(step, { minLength: 2, maxLength: 4 }), { maxLength: 10 }), async (batches) => {
			const list = randomUUID();
			let model = [await add(db, list), await add(db, list), await add(db, list), await add(db, list)];
			for (const batch of batches) {
				const now = model;
				const changes: Change[] = [];
				const running = batch.map((each) => {
					const id = at(now, each.which);
					if (each.what === 'mark') return db.transaction((tx) => todos.change(tx, list, id, { done: true }));
					const before = each.before === null ? null : at(now, each.before);
					changes.push(moved(id, before));
					return move(db, list, id, before);
				});
				const [added] = await Promise.all([add(db, list), ...running]);
				model = await ids(db, list);
				const possible = permutations([...changes, (each: readonly number[]) => [...each, added]]).map((row) =>
					row.reduce<readonly number[]>((list, change) => change(list), now),
				);
				expect(possible).toContainEqual(model);
			}
		}),
		{ numRuns: 25 },
	);
});

test('a move writes one row', async () => {
	const db = await openDatabase();
	const all = [await add(db, 'mine'), await add(db, 'mine'), await add(db, 'mine')];
	const rows = async (): Promise<unknown[]> => (await db.query('select id, xmin from todos order by id')).rows;
	const before = await rows();
	await move(db, 'mine', all[2] as number, all[0] as number);
	const after = await rows();
	expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
	expect(after[2]).not.toEqual(before[2]);
});

test('renumbers the list when a gap is used up, without hiding todos from a client reading pages', async () => {
	const db = await openDatabase();
	const [a, b, c, d] = [await add(db, 'mine'), await add(db, 'mine'), await add(db, 'mine'), await add(db, 'mine')];
	const [first] = await todos.read(db, 'mine', 1);
	const highest = (await todos.read(db, 'mine', 4)).at(-1)?.position ?? 0;
	// Each move halves the gap between the first todo and the other one of the two.
	for (let times = 0; times < 100; times += 1) {
		await move(db, 'mine', c, b);
		await move(db, 'mine', b, c);
	}
	expect(await ids(db, 'mine')).toEqual([a, b, c, d]);
	const rest = await todos.read(db, 'mine', 1000, first?.position);
	expect(rest.map(({ id }) => id)).toEqual(expect.arrayContaining([b, c, d]));
	expect(rest.at(-1)?.position).toBeGreaterThan(highest);
});

test('finds a position between two others unless they are too close for a double', () => {
	expect(between(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(1);
	expect(between(2.5, Number.POSITIVE_INFINITY)).toBe(3);
	expect(between(Number.NEGATIVE_INFINITY, 2.5)).toBe(2);
	expect(between(1, 1 + Number.EPSILON)).toBeUndefined();
	const position = fc.double({ noNaN: true, min: -1e9, max: 1e9 });
	fc.assert(
		fc.property(position, position, (one, other) => {
			const [left, right] = [Math.min(one, other), Math.max(one, other)];
			const middle = between(left, right);
			// Only positions next to each other in double precision have none between them.
			if (middle === undefined)
				expect(right - left).toBeLessThanOrEqual(Math.abs(left + right) * Number.EPSILON + Number.MIN_VALUE);
			else expect(left < middle && middle < right).toBe(true);
		}),
	);
});
