import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Form, record, root } from '../../build/esbuild.ts';

/** The modification times of a bundle's input files, by their paths from the root. */
export type Inputs = Readonly<Record<string, number>>;

/** The content of the record. */
interface Recorded {
	readonly form: Form;
	readonly inputs: Readonly<Record<string, Inputs>>;
}

/** Returns the inputs of each bundle in `dist/`, as of its last build. Returns none if the last build had another form. */
export function readRecord(form: Form): Record<string, Inputs> {
	const recorded = existsSync(record) ? (JSON.parse(readFileSync(record, 'utf8')) as Recorded) : undefined;
	return recorded?.form === form ? { ...recorded.inputs } : {};
}

export const writeRecord = (form: Form, inputs: Recorded['inputs']): void =>
	writeFileSync(record, JSON.stringify({ form, inputs } satisfies Recorded));

export const removeRecord = (): void => rmSync(record, { force: true });

/** Whether a bundle exists and none of its inputs has changed since it was built. */
export const isCurrent = (output: string, inputs: Inputs | undefined): boolean =>
	inputs !== undefined &&
	existsSync(output) &&
	Object.entries(inputs).every(([input, time]) => changedAt(input) === time);

/** Returns a file's modification time by its path from the root; 0 if the file does not exist. */
export const changedAt = (path: string): number => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
