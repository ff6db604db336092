import { createRequire } from 'node:module';
import { join } from 'node:path';
import { dist, type Form } from '../../build/esbuild.ts';
import { isCurrent, readRecord } from '../bundles/record.ts';

const bundle = join(dist, 'shop', 'function.cjs');

/**
 * Loads the shop's process from its bundle, which takes less memory and time than its sources. Loads the sources if they have changed
 * since, or if the bundle has another form; the start then builds the bundle for the next one.
 */
export async function loadShop(form: Form): Promise<typeof import('../main.ts')> {
	return isCurrent(bundle, readRecord(form)['shop'])
		? createRequire(import.meta.url)(bundle)
		: await import('../main.ts');
}
