import type { GrowthOptions } from '../../bench/growth/shops.ts';
import { measure, names } from '../../bench/main.ts';
import { Failure } from '../../k8s/kubectl/failure.ts';

/** Implements `npm run bench`. @throws {Failure} 2 when there is no such measurement */
export async function bench(only: readonly string[], options: GrowthOptions): Promise<void> {
	const unknown = only.find((name) => !names.includes(name));
	if (unknown !== undefined) throw new Failure('usage', `--only ${unknown}: expected one of ${names.join(', ')}`);
	await measure(only, options);
}
