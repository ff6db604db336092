import { defineConfig } from 'vitest/config';
import { patience } from './tests/patience.ts';

/** The stories of the page that are told on a cluster too. */
const main = ['books', 'movies', 'numbers', 'orders', 'todo'];
const onCluster = process.env['ACCEPTANCE_TARGET'] === 'cluster';
/** The default, one second, is less than a busy machine may take. */
const expect = { poll: { timeout: patience } };

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: 'unit',
					expect,
					include: ['**/*.test.ts'],
					exclude: ['node_modules/**', 'dist/**', 'tests/acceptance/**', 'tests/browser/**', 'tests/operations/**'],
					globalSetup: ['tests/postgres.ts'],
					// All cores: much of their time is spent waiting for processes that they start.
					maxWorkers: '100%',
					// The functions' own logs; a test that is about them records them.
					env: { LOG_LEVEL: 'warning' },
					testTimeout: 60_000,
					hookTimeout: 120_000,
				},
			},
			{
				test: {
					name: 'acceptance',
					expect,
					include: ['tests/acceptance/**/*.test.ts'],
					// One shop for all of them, opened once; they follow one another.
					globalSetup: ['tests/acceptance/shop.ts'],
					fileParallelism: false,
					testTimeout: 400_000,
					hookTimeout: 180_000,
				},
			},
			{
				test: {
					name: 'browser',
					expect,
					// What the page is like is seen on a laptop as well as anywhere; the main things that one does with it are done on both.
					include: onCluster
						? main.map((story) => `tests/browser/stories/${story}.test.ts`)
						: ['tests/browser/**/*.test.ts'],
					globalSetup: ['tests/acceptance/shop.ts'],
					fileParallelism: false,
					testTimeout: 120_000,
					hookTimeout: 180_000,
					// After the others: a browser wants a core to itself.
					sequence: { groupOrder: 1 },
				},
			},
			// What an operator does to a cluster, last: it rolls, stops and starts what the others use.
			...(onCluster
				? [
						{
							test: {
								name: 'operations',
								expect,
								include: ['tests/operations/*.test.ts'],
								globalSetup: ['tests/acceptance/shop.ts'],
								fileParallelism: false,
								testTimeout: 900_000,
								hookTimeout: 300_000,
								sequence: { groupOrder: 2 },
							},
						},
					]
				: []),
		],
	},
});
