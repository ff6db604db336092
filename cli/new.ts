import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `gift-cards` -> `giftCards`, `GiftCards` */
const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const pascal = (name: string): string => camel(`-${name}`);

/** A function of one operation: the least that shows where everything goes. */
const files = (name: string): Record<string, string> => ({
	'function.ts': `import { declare } from '../kit/declare.ts';
import { api } from './api.ts';

export default declare({
	name: '${name}',
	purpose: 'Greets whoever asks.',
	api,
});
`,
	'api.ts': `import * as z from 'zod';
import { contract } from '../kit/contract.ts';

export const ${pascal(name)} = z.object({ greeting: z.string() });
export type ${pascal(name)} = z.output<typeof ${pascal(name)}>;

export const api = contract('/api/${name}', {
	greet: {
		method: 'GET',
		path: '/',
		summary: 'Greets somebody by name',
		query: z.object({ name: z.string().min(1).max(100).default('world') }),
		returns: ${pascal(name)},
	},
});
`,
	'http.ts': `import { implement } from '../kit/http.ts';
import { api } from './api.ts';

export const operations = implement(api, {
	greet: ({ query: { name } }) => ({ greeting: \`Hello, \${name}!\` }),
});
`,
	[`${name}.test.ts`]: `import { expect, test } from 'vitest';
import { serving } from '../kit/testing.ts';
import ${camel(name)} from './function.ts';
import * as http from './http.ts';

test('greets by name, and refuses a name that is too long', async () => {
	const { fetch } = await serving(${camel(name)}, { http });
	expect(await (await fetch('/api/${name}?name=Ada')).json()).toEqual({ greeting: 'Hello, Ada!' });
	expect((await fetch(\`/api/${name}?name=\${'x'.repeat(101)}\`)).status).toBe(422);
});
`,
});

/** Makes the folder of a new function and lists it in `functions/index.ts`. @throws {Error} when the name will not do */
export function create(name: string, root: string): void {
	if (!/^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$/.test(name))
		throw new Error(
			`"${name}" is no name for a function: lower-case letters, digits and dashes, like "gift-cards", at most 42.`,
		);
	const folder = join(root, 'functions', name);
	if (existsSync(folder)) throw new Error(`functions/${name} is there already; choose another name, or edit that.`);
	const index = join(root, 'functions', 'index.ts');
	const listed = addToList(readFileSync(index, 'utf8'), name);
	mkdirSync(folder);
	for (const [file, text] of Object.entries(files(name))) writeFileSync(join(folder, file), text);
	writeFileSync(index, listed);
	process.stdout.write(
		[
			`functions/${name}/ is there, and listed in functions/index.ts. Next:`,
			`  npm start                             then http://localhost:3000/api/${name}?name=Ada`,
			`  npm test -- functions/${name}`,
			'  npm run generate                      writes its manifests into k8s/generated/',
			'',
		].join('\n'),
	);
}

/** The list of functions with one more: its import in the order of the alphabet, its name at the end. */
function addToList(text: string, name: string): string {
	const lines = text.split('\n');
	const line = `import ${camel(name)} from './${name}/function.ts';`;
	const after = lines.findIndex(
		(other) => other.startsWith('import ') && (/from '(.+)'/.exec(other)?.[1] ?? '') > `./${name}/`,
	);
	lines.splice(after === -1 ? 0 : after, 0, line);
	return lines.join('\n').replace(/(: readonly Declaration\[\] = \[[^\]]*?),?(\s*\];)/, `$1, ${camel(name)}$2`);
}
