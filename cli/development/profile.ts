import { relative } from 'node:path';
import { profile, profiled } from '../../bench/profile.ts';

/** Implements `npm run profile -- FUNCTION`. Returns the exit code. */
export async function run([target = '', ...more]: readonly string[], root: string): Promise<number> {
	if (more.length || !profiled.includes(target)) {
		process.stderr.write(`npm run profile -- ${target}: expected one of ${profiled.join(', ')}\n`);
		return 2;
	}
	process.stdout.write(`${relative(root, await profile(target))}\n`);
	return 0;
}
