import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shop } from '../../shop.ts';

/** The names of a product, as its `shop.ts` has them. */
export type Names = { readonly [Key in (typeof keys)[number]]: string };

const keys = ['name', 'database', 'title', 'namespace', 'eventPrefix', 'firstAdmin'] as const;

/** Derives every name of a product from one: `corner-shop` is titled "Corner shop". */
export const namesOf = (name: string): Names => ({
	name,
	database: name.replaceAll('-', '_'),
	title: `${name[0]?.toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`,
	namespace: name,
	eventPrefix: `dev.${name}`,
	firstAdmin: `admin@${name}.local`,
});

/** A replacement in some files. */
interface Edit {
	readonly files: RegExp;
	readonly pattern: RegExp;
	readonly by: string;
}

/** Writes the names of a new product into a copy of this one. The framework and its command are called Bodega in both. */
export function rename(root: string, to: Names): void {
	const edits = editsOf(to);
	const named = '**/*.{ts,tsx,sql,md,html,json}';
	for (const file of [...globSync(named, { cwd: root, exclude: ['node_modules', 'k8s/generated'] }), 'Jenkinsfile']) {
		const path = join(root, file);
		const text = readFileSync(path, 'utf8');
		const fitting = edits.filter(({ files }) => files.test(file));
		const changed = fitting.reduce((before, { pattern, by }) => before.replace(pattern, by), text);
		if (changed !== text) writeFileSync(path, changed);
	}
}

/** Returns the edits that rename this shop. Each pattern matches where the framework's own name cannot stand. */
function editsOf(to: Names): readonly Edit[] {
	const exactly = Object.fromEntries(keys.map((key) => [key, shop[key].replaceAll('.', '\\.')])) as Names;
	const edit = (files: RegExp, pattern: string, by: string): Edit => ({ files, pattern: new RegExp(pattern, 'g'), by });
	const sources = /\.tsx?$/;
	return [
		...keys.map((key) => edit(/^shop\.ts$/, `(\\t${key}: )'[^']*'`, `$1'${to[key]}'`)),
		edit(/^/, `(?<![\\w.-])${exactly.eventPrefix}(?=[.'\`])`, to.eventPrefix),
		edit(/^/, exactly.firstAdmin, to.firstAdmin),
		edit(sources, `\\burn:${exactly.name}:`, `urn:${to.name}:`),
		// Roles, but not metrics, which are the framework's.
		edit(
			/\.(sql|ts)$/,
			`\\b${exactly.database}(?=\\\\?_(?!outbox|deliveries|dead_|events_|cluster)|\\$restore)`,
			to.database,
		),
		edit(sources, `(?<=/)${exactly.name}-(?=[a-z$])|\\b${exactly.name}-(?=refresh)`, `${to.name}-`),
		edit(/^web\/index\.html$/, exactly.title, to.title),
		edit(sources, `(?<=· )${exactly.title}\\b`, to.title),
		edit(/^Jenkinsfile$/, `'${exactly.name}(?=-kubeconfig)`, `'${to.name}`),
		edit(/^package(-lock)?\.json$/, `("name": )"${exactly.name}"`, `$1"${to.name}"`),
	];
}
