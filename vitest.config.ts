import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: 'unit',
					include: ['**/*.test.ts'],
					exclude: ['node_modules/**', 'dist/**', 'tests/acceptance/**', 'tests/browser/**'],
					globalSetup: ['tests/postgres.ts'],
					// The functions' own logs; a test that is about them records them.
					env: { LOG_LEVEL: 'warning' },
					testTimeout: 30_000,
					hookTimeout: 60_000,
				},
			},
			{
				test: {
					name: 'acceptance',
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
					// What the page is like is seen on a laptop as well as anywhere; what one does with it is done on both.
					include: [`tests/browser/${process.env['ACCEPTANCE_TARGET'] === 'cluster' ? 'stories' : '**'}/*.test.ts`],
					globalSetup: ['tests/acceptance/shop.ts'],
					fileParallelism: false,
					testTimeout: 120_000,
					hookTimeout: 180_000,
					// After the others: a browser wants a core to itself.
					sequence: { groupOrder: 1 },
				},
			},
		],
	},
});
