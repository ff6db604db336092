import { type Declaration, targetsOf } from '../kit/declare/declare.ts';

/** Connections for the migration Job, for psql, and the three that Postgres reserves for superusers. */
const spare = 20;

/** The connections that all functions can hold with every Service at its maximum scale, plus some spare ones. */
export const maxConnections = (
	functions: readonly Declaration[],
	most: (fn: Declaration) => number = ({ scale }) => scale.max,
): number => functions.reduce((sum, fn) => sum + targetsOf(fn).length * most(fn) * (fn.data?.connections ?? 0), spare);
