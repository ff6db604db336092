import { functions } from '../functions/index.ts';
import type { FunctionShape } from '../functions/info/api.ts';
import { type Declaration, targetsOf } from '../kit/declare/declare.ts';
import { environmentOf } from '../kit/declare/environment.ts';
import { libraryShop } from './library/library.ts';

/** Returns the shapes of functions, as `info` receives them in `FUNCTIONS`. */
function shapesOf(declarations: readonly Declaration[]): readonly FunctionShape[] {
	const [info] = declarations.filter(({ name }) => name === 'info').flatMap(targetsOf);
	if (!info) throw new Error('found no function named info');
	const told = environmentOf(info, declarations, { url: (service) => `http://${service}`, sink: '' })['FUNCTIONS'];
	return JSON.parse(told ?? '[]') as FunctionShape[];
}

export const shop = shapesOf(functions);
export const library = shapesOf(libraryShop);
