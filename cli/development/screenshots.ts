import { takeScreenshots } from '../../docs/screenshots.ts';

export async function run(): Promise<number> {
	await takeScreenshots();
	return 0;
}
