import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dist, root } from '../../build/esbuild.ts';

/** The modification times of a bundle's input files, by their paths from the root. */
export type Inputs = Readonly<Record<string, number>>;

const file = join(dist, 'inputs.json');

/** Returns the inputs of each bundle in `dist/`, as of its last build. */
export const readRecord = (): Record<string, Inputs> =>
	existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Inputs>) : {};

export const writeRecord = (inputs: Readonly<Record<string, Inputs>>): void =>
	writeFileSync(file, JSON.stringify(inputs));

export const removeRecord = (): void => rmSync(file, { force: true });

/** Whether a bundle exists and none of its inputs has changed since it was built. */
export const isCurrent = (output: string, inputs: Inputs | undefined): boolean =>
	inputs !== undefined &&
	existsSync(output) &&
	Object.entries(inputs).every(([input, time]) => changedAt(input) === time);

/** Returns a file's modification time by its path from the root; 0 if the file does not exist. */
export const changedAt = (path: string): number => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
