import { takeScreenshots } from '../docs/screenshots.ts';

/** Implements `npm run screenshots`. */
export async function run(): Promise<number> {
	await takeScreenshots();
	return 0;
}
