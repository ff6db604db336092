import { type Declaration, targetsOf } from '../functions/kit/declare.ts';

/** For the migration Job, whoever looks in with psql, and the three that Postgres keeps for superusers. */
const spare = 20;

/** The connections that all functions may hold at once, every Service at its most instances, and some to spare. */
export const maxConnections = (functions: readonly Declaration[]): number =>
	functions.reduce((sum, fn) => sum + targetsOf(fn).length * fn.scale.max * (fn.data?.connections ?? 0), spare);
