import { defineConfig } from 'vitest/config';
import { patience } from './tests/run/patience.ts';
import { hasPromtool } from './tests/run/promtool.ts';

const target = process.env['ACCEPTANCE_TARGET'] ?? 'local';
const onCluster = target === 'cluster';
/** What people do in the shop is done on a cluster too; what the page is like can be seen on a laptop alone. */
const onBoth = ['books', 'movies', 'numbers', 'orders', 'todo'].map((name) => `tests/browser/shop/${name}.test.ts`);
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
					exclude: [
						...['node_modules/**', 'dist/**', 'tests/acceptance/**', 'tests/browser/**', 'tests/operations/**'],
						// Without it `npm test` says that they were left out; CI has it, or fails.
						...(hasPromtool() || process.env['CI'] ? [] : ['k8s/monitoring/rules/promtool.test.ts']),
					],
					globalSetup: ['tests/run/services.ts'],
					// All cores: much of their time is spent waiting for processes that they start.
					maxWorkers: '100%',
					isolate: false,
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
					// With it those of the page that break something, or wait for functions at zero: both would disturb the others.
					include: [
						'tests/acceptance/**/*.test.ts',
						...(target === 'local' ? ['tests/browser/behind-the-scenes/*.test.ts'] : []),
					],
					// One shop for all of them, opened once; they follow one another.
					globalSetup: ['tests/acceptance/setup/shop.ts'],
					fileParallelism: false,
					testTimeout: 400_000,
					hookTimeout: 180_000,
				},
			},
			{
				test: {
					name: 'browser',
					expect,
					include: onCluster ? onBoth : ['tests/browser/page/**/*.test.ts', 'tests/browser/shop/**/*.test.ts'],
					globalSetup: ['tests/acceptance/setup/shop.ts'],
					fileParallelism: false,
					testTimeout: 120_000,
					hookTimeout: 180_000,
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
								globalSetup: ['tests/run/services.ts', 'tests/acceptance/setup/shop.ts'],
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
