import { measure } from '../bench/main.ts';

/** `npm run bench` */
export async function run(): Promise<number> {
	await measure();
	return 0;
}
