import { type Declaration, targetsOf } from '../kit/declare/declare.ts';

/** For the migration Job, whoever looks in with psql, and the three that Postgres keeps for superusers. */
const spare = 20;

/**
 * The connections that all functions may hold at once, every Service at its most instances, and some to spare.
 * @param most how many instances a function's Service may have: as declared, unless said
 */
export const maxConnections = (
	functions: readonly Declaration[],
	most: (fn: Declaration) => number = ({ scale }) => scale.max,
): number => functions.reduce((sum, fn) => sum + targetsOf(fn).length * most(fn) * (fn.data?.connections ?? 0), spare);
