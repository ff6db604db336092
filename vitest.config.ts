import { globSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { defineConfig } from 'vitest/config';
import { patience } from './tests/run/patience.ts';
import { missingPrograms } from './tests/run/programs.ts';

const target = process.env['ACCEPTANCE_TARGET'] ?? 'local';
const onCluster = target === 'cluster';
/** The browser tests that also run on a cluster are called like their folder. The others run only on a laptop. */
const onBoth = globSync('tests/browser/*/*.test.ts', { cwd: import.meta.dirname }).filter(
	(file) => basename(dirname(file)) === basename(file, '.test.ts'),
);
/** The page tests that break something or wait for functions to scale to zero: they would disturb the browser lane. */
const behindTheScenes = 'tests/browser/**/behind-the-scenes/*.test.ts';
/** The default timeout of one second is too short on a busy machine. */
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
						...['**/node_modules/**', 'dist/**', 'tests/acceptance/**', 'tests/browser/**', 'tests/operations/**'],
						'cli/scaffold/product/**',
						// `npm test` prints that it skips these tests; in CI they fail.
						...(process.env['CI'] ? [] : missingPrograms().map(({ tests }) => tests)),
					],
					globalSetup: ['tests/run/services.ts'],
					// All cores, because the tests spend much of their time waiting for processes.
					maxWorkers: '100%',
					isolate: false,
					// Level of the functions' logs. Tests of log lines record them.
					env: { LOG_LEVEL: 'warning' },
					testTimeout: 60_000,
					hookTimeout: 120_000,
				},
			},
			{
				test: {
					name: 'acceptance',
					expect,
					include: ['tests/acceptance/**/*.test.ts', ...(target === 'local' ? [behindTheScenes] : [])],
					// All tests share one shop and run one after the other.
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
					include: onCluster ? onBoth : ['tests/browser/**/*.test.ts'],
					exclude: [behindTheScenes],
					globalSetup: ['tests/acceptance/setup/shop.ts'],
					fileParallelism: false,
					testTimeout: 120_000,
					hookTimeout: 180_000,
					sequence: { groupOrder: 1 },
				},
			},
			// Tests of operator commands run last, because they restart functions that the others use.
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
