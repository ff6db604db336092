import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FunctionList } from './function-list.ts';
import type { Names } from './renaming.ts';

const files = join(import.meta.dirname, 'product');

/** The function of a new product: the one whose files are in `product/`. */
export const [example = ''] = readdirSync(join(files, 'functions'));

/** The lines that it adds to lists, each after a line that every product has. */
const entries: readonly { readonly file: string; readonly after: string; readonly line: string }[] = [
	{
		file: 'eventing/catalog/catalog.ts',
		after: "import { shop } from '../../shop.ts';",
		line: `import { ${example} } from './${example}.ts';`,
	},
	{ file: 'eventing/catalog/catalog.ts', after: 'const types = {', line: `\t...${example},` },
	{
		file: 'web/api/endpoints.ts',
		after: 'type Api =',
		line: `\t| typeof import('../../functions/${example}/api.ts').api`,
	},
	{
		file: 'web/app/handled.ts',
		after: 'export const handled: Readonly<Record<string, readonly Endpoint[]>> = {',
		line: `\t'${example}-events': ['GET /api/${example}'],`,
	},
	{
		file: 'web/screens.ts',
		after: 'const list: readonly (Ready | Lazy)[] = [',
		line: `\t{ path: '/${example}', link: ['shop', 'Guestbook', 'Livre d’or'], load: () => import('./${example}/${example}.tsx') },`,
	},
	{
		file: 'web/style.css',
		after: '@import "./app/skyline.css";',
		line: `@import "./${example}/${example}.css";`,
	},
	{
		file: 'docs/api.md',
		after: '|---|---|',
		line: `| \`GET /api/${example}\`, \`GET /api/${example}/:id\` | returns entries; \`POST\` adds one: \`{name, message}\` |`,
	},
];

/** Adds the function to a product, with its event, its screen, its tests and documents. */
export function addExample({ title }: Names, root: string): void {
	cpSync(files, root, { recursive: true });
	const list = new FunctionList(root);
	list.add(example);
	writeFileSync(join(root, FunctionList.file), list.text);
	for (const { file, after, line } of entries)
		edit(join(root, file), (text) => {
			const lines = text.split('\n');
			const at = lines.indexOf(after);
			if (at === -1) throw new Error(`${file} has no line "${after}", after which to add ${example}`);
			return lines.toSpliced(at + 1, 0, line).join('\n');
		});
	edit(join(root, 'README.md'), (text) => text.replaceAll('TITLE', title));
}

const edit = (file: string, change: (text: string) => string): void =>
	writeFileSync(file, change(readFileSync(file, 'utf8')));
