import { measure } from '../bench/main.ts';

/** Implements `npm run bench`. */
export async function run(): Promise<number> {
	await measure();
	return 0;
}
