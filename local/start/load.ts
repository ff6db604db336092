import { join } from 'node:path';
import { dist, type Form } from '../../build/esbuild.ts';
import { runBundle } from '../../kit/process/code-cache.ts';
import { isCurrent, readRecord } from '../bundles/record.ts';

const bundle = join(dist, 'shop', 'function.cjs');

/**
 * Loads the shop's process from its bundle, which takes less memory and time than its sources. Loads the sources if they have changed
 * since, or if the bundle has another form; the start then builds the bundle for the next one.
 */
export async function loadShop(form: Form): Promise<typeof import('../main.ts')> {
	return isCurrent(bundle, readRecord(form)['shop'])
		? (runBundle(bundle, join(dist, 'shop', 'function.cache'), true) as typeof import('../main.ts'))
		: await import('../main.ts');
}
