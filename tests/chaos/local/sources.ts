import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { functions } from '../../../functions/index.ts';
import { nothing } from '../faults/effect.ts';
import type { FaultKind } from '../faults/fault.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const sourceOf = (fn: string): string => join(root, 'functions', fn, 'http.ts');

/** Touches a source file, so that the shop rebuilds the function. The requests wait meanwhile, and none fails. */
export const sourceFault: FaultKind = {
	name: 'rebuild',
	victims: functions.map(({ name }) => name).filter((name) => existsSync(sourceOf(name))),
	lasts: [0, 0],
	recovery: 0,
	effect: () => nothing,
	begin: async (fn) => {
		const now = new Date();
		utimesSync(sourceOf(fn), now, now);
		return {};
	},
};
