import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { functions } from '../../functions/index.ts';
import { Failure } from '../../k8s/kubectl/failure.ts';
import { contract } from '../../kit/declare/contract.ts';
import { declare, reservedNames } from '../../kit/declare/declare.ts';
import { distinct } from '../../kit/declare/distinct.ts';
import { FunctionList } from './function-list.ts';
import { filesOf } from './removal.ts';

/** Reserved words of JavaScript, which cannot be the name of an import. */
const taken = new Set(
	[
		'arguments await break case catch class const continue debugger default delete do else enum escape eval export',
		'extends false finally for function if implements import in interface let new null package private protected public',
		'return static super switch this throw true try typeof undefined unescape var void while with yield',
	].flatMap((line) => line.split(' ')),
);

/** Returns the files of a minimal function with one operation. */
const files = (name: string): Record<string, string> => ({
	'function.ts': `import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: '${name}',
	purpose: 'Greets the caller by name.',
	api,
});
`,
	'api.ts': `import * as z from 'zod';
import { contract } from '../../kit/declare/contract.ts';

export const Greeting = z.object({ greeting: z.string() }).meta({ examples: [{ greeting: 'Hello, Ada!' }] });
export type Greeting = z.output<typeof Greeting>;

export const api = contract('/api/${name}', {
	greet: {
		method: 'GET',
		path: '/',
		summary: 'Greet a person by name',
		query: z.object({ name: z.string().min(1).max(100).default('world') }),
		returns: Greeting,
	},
});
`,
	'http.ts': `import { implement } from '../../kit/http/http.ts';
import { api } from './api.ts';

export const operations = implement(api, {
	greet: ({ query: { name } }) => ({ greeting: \`Hello, \${name}!\` }),
});
`,
	[`${name}.test.ts`]: `import { expect, test } from 'vitest';
import { serving } from '../../tests/testing.ts';
import declaration from './function.ts';
import * as http from './http.ts';

test('greets by name, and rejects a name that is too long', async () => {
	const { fetch } = await serving(declaration, { http });
	const greet = (name: string) => fetch(\`/api/${name}?name=\${name}\`);
	expect(await (await greet('Ada')).json()).toEqual({ greeting: 'Hello, Ada!' });
	expect((await greet('x'.repeat(101))).status).toBe(422);
});
`,
});

/**
 * Creates a new function's folder and adds it to `functions/index.ts`.
 * @throws {Failure} for an invalid or taken name, before it writes
 */
export function create(name: string, root: string): void {
	const list = checked(name, root);
	const folder = join(root, 'functions', name);
	mkdirSync(folder);
	for (const [file, text] of Object.entries(files(name))) writeFileSync(join(folder, file), text);
	writeFileSync(join(root, FunctionList.file), list.text);
	process.stdout.write(
		[
			`Created functions/${name}/ and added it to functions/index.ts. Next:`,
			`  npm start                             then open http://localhost:3000/api/${name}?name=Ada`,
			`  npm test -- functions/${name}`,
			'  npm run generate                      writes its manifests to k8s/generated/',
			'',
		].join('\n'),
	);
}

/** Returns the list with the new function. @throws {Failure} */
function checked(name: string, root: string): FunctionList {
	const refuse = (message: string): never => {
		throw new Failure('usage', message);
	};
	if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 42)
		refuse(
			`"${name}" is not a function name: expected at most 42 lower-case letters, digits and single dashes, such as "gift-cards".`,
		);
	if (taken.has(name) || reservedNames.has(name)) refuse(`"${name}" is a reserved name; choose another one.`);
	if (name.endsWith('-events'))
		refuse(`"${name}" is the Service name of the event handlers of "${name.slice(0, -7)}"; choose another one.`);
	if (existsSync(join(root, 'functions', name)))
		refuse(`functions/${name} already exists; choose another name, or edit that function.`);
	const greet = { method: 'GET', path: '/', summary: '' } as const;
	const list = new FunctionList(root);
	try {
		distinct([...functions, declare({ name, purpose: '', api: contract(`/api/${name}`, { greet }) })]);
		list.add(name);
	} catch (error) {
		refuse((error as Error).message);
	}
	const [named] = filesOf(name, root);
	// `bodega remove` would delete it with the function.
	if (named) refuse(`"${name}" is taken, because ${named} carries the name; choose another one.`);
	return list;
}
