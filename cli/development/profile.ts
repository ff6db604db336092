import { relative } from 'node:path';
import { profile, profiled } from '../../bench/profile.ts';
import { Failure } from '../../k8s/kubectl/failure.ts';

/** Implements `npm run profile -- SERVICE`. @throws {Failure} 2 when the service cannot be profiled */
export async function writeProfile(service: string, root: string): Promise<void> {
	if (!profiled.includes(service)) throw new Failure('usage', `${service}: expected one of ${profiled.join(', ')}`);
	process.stdout.write(`${relative(root, await profile(service))}\n`);
}
