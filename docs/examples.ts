import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The document that shows the code of the examples. */
export const file = join(import.meta.dirname, 'examples.md');

/** A line with the path of a file of an example, and the code below it. */
const shown = /^(`(examples\/[^`\n]+)`:\n\n```\w+\n)[\s\S]*?(?=^```$)/gm;

/** Returns the document with the code that the examples have now. */
export const examplesDocument = (): string =>
	readFileSync(file, 'utf8').replace(
		shown,
		(_all, start: string, path: string) => start + readFileSync(join(root, path), 'utf8'),
	);

export const writeExamples = (): void => writeFileSync(file, examplesDocument());
