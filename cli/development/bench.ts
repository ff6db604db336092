import { measure } from '../../bench/main.ts';

export async function run(): Promise<number> {
	await measure();
	return 0;
}
