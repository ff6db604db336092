import { join } from 'node:path';
import { runBundle } from '../process/code-cache.ts';

// The program of each function, and of a laptop's broker: runs the bundle beside it. A laptop stores its compiled code in CODE_CACHE.
// An image contains it.
const own = process.env['CODE_CACHE'];
runBundle(join(__dirname, 'function.cjs'), own ?? join(__dirname, 'function.cache'), own !== undefined);
