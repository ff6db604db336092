import { functions } from '../functions/index.ts';
import type { FunctionShape } from '../functions/info/api.ts';
import { targetsOf } from '../kit/declare/declare.ts';
import { environmentOf } from '../kit/declare/environment.ts';

const [info] = functions.filter(({ name }) => name === 'info').flatMap(targetsOf);
if (!info) throw new Error('found no function named info');
const told = environmentOf(info, functions, { url: (service) => `http://${service}`, sink: '' })['FUNCTIONS'];

/** The shop's functions, as `info` receives them in `FUNCTIONS`. */
export const shop = JSON.parse(told ?? '[]') as readonly FunctionShape[];
