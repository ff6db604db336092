import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: 'unit',
					include: ['**/*.test.ts'],
					exclude: ['node_modules/**', 'dist/**', 'tests/acceptance/**'],
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
		],
	},
});
