import type { FunctionShape } from '../../functions/info/api.ts';
import { targetsOf } from '../../kit/declare/declare.ts';
import { environmentOf } from '../../kit/declare/environment.ts';
import { sampleShop } from './library.ts';

const [info] = sampleShop.filter(({ name }) => name === 'info').flatMap(targetsOf);
if (!info) throw new Error('found no function named info');
const told = environmentOf(info, sampleShop, { url: (service) => `http://${service}`, sink: '' })['FUNCTIONS'];

/** The functions of the library's shop, as `info` receives them in `FUNCTIONS`. */
export const shop = JSON.parse(told ?? '[]') as readonly FunctionShape[];
