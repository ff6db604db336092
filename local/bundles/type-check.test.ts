import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { copyProject } from '../../tests/copy.ts';
import type { TypeCheck } from './type-check.ts';

const { copy, remove } = await copyProject();
afterAll(remove);

test('prints type errors after a save, new ones once, and says when none are left', async () => {
	const module = (await import(
		pathToFileURL(join(copy, 'local/bundles/type-check.ts')).href
	)) as typeof import('./type-check.ts');
	const said: string[] = [];
	let told = Promise.withResolvers<string>();
	const types: TypeCheck = new module.TypeCheck(join(copy, 'types.json'), (text) => {
		said.push(text);
		told.resolve(text);
	});
	onTestFinished(() => types.close());
	/** Saves while no check runs, or while one does, and returns what is said next. */
	const next = async (): Promise<string> => {
		types.saved();
		const text = await told.promise;
		told = Promise.withResolvers();
		return text;
	};
	const file = join(copy, 'functions/info/laptop.ts');
	const before = readFileSync(file, 'utf8');
	const line = before.split('\n').length;
	appendFileSync(file, "export const wrong: number = 'text';\n");
	expect(await next()).toBe(
		`functions/info/laptop.ts:${line}:14: error TS2322: Type 'string' is not assignable to type 'number'.`,
	);
	writeFileSync(file, before);
	expect(await next()).toBe('no type errors are left');
	expect(said).toHaveLength(2);
});
