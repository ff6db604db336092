import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Converts `gift-cards` to `giftCards`. */
const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const importOf = (name: string): string => `import ${camel(name)} from './${name}/function.ts';`;

/** The list of functions of a project, as the text of `functions/index.ts`. */
export class FunctionList {
	static readonly file = 'functions/index.ts';
	text: string;

	constructor(root: string) {
		this.text = readFileSync(join(root, FunctionList.file), 'utf8');
	}

	/** Adds a function: its import in alphabetical order, its name at the end of the list `shop`. */
	add(name: string): void {
		if (new RegExp(`^import ${camel(name)} `, 'm').test(this.text))
			throw new Error(`"${name}" is imported as ${camel(name)}, like another function; choose another name.`);
		const lines = this.text.split('\n');
		const folder = (line: string): string => /^import .* from '\.\/([^/]+)\//.exec(line)?.[1] ?? '';
		const after = lines.findIndex((line) => folder(line).localeCompare(name, 'en', { numeric: true }) > 0);
		lines.splice(after === -1 ? lines.findLastIndex(folder) + 1 : after, 0, importOf(name));
		this.text = lines.join('\n');
		this.#change((names) => [...names, camel(name)]);
	}

	/** Removes a function from the list `shop`, and its import. */
	remove(name: string): void {
		this.text = this.text.replace(`${importOf(name)}\n`, '');
		this.#change((names) => names.filter((other) => other !== camel(name)));
	}

	/** Changes the list `shop`, and formats it like Biome. */
	#change(change: (names: readonly string[]) => readonly string[]): void {
		this.text = this.text.replace(/(const shop: readonly Declaration\[\] = )\[([^\]]*)\];/, (_all, start, list) => {
			const names = change((list as string).split(',').map((name) => name.trim())).filter(Boolean);
			const flat = `${start}[${names.join(', ')}];`;
			return flat.length <= 120 ? flat : `${start}[\n${names.map((name) => `\t${name},\n`).join('')}];`;
		});
	}
}
