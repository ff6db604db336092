import { execFile, spawnSync } from 'node:child_process';
import {
	chmodSync,
	existsSync,
	globSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { base, functions } from '../../functions/index.ts';
import { Failure } from '../../k8s/kubectl/failure.ts';
import { reservedNames } from '../../kit/declare/declare.ts';
import { step } from '../../local/output.ts';
import { shop } from '../../shop.ts';
import { tools } from '../development/run.ts';
import { addExample, example } from './example.ts';
import { carryOut, planRemoval } from './removal.ts';
import { type Names, namesOf, rename } from './renaming.ts';

/** Entries of any folder that are not copied: what commands make, and files that can hold secrets. */
const left = /^(node_modules|dist|coverage|\.git|\.data|\.env.*|.*\.(log|dump))$/;

/** The files about this shop only: its pipeline, history, demonstration and pictures. */
const own = ['.ci', 'CHANGELOG.md', 'README.md', 'docs/demonstration.md', 'docs/screens'];

/**
 * Writes a new product into an empty folder: the framework under the product's names, with one function that has an event and a
 * screen. Nothing is left of it if that fails.
 * @throws {Failure} when the name or the folder cannot be used, before it writes
 */
export async function createProduct(name: string, folder: string, root: string): Promise<void> {
	const target = resolve(folder);
	checkName(name, root);
	checkFolder(folder, name, root);
	mkdirSync(dirname(target), { recursive: true });
	const draft = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
	const clean = (): void => rmSync(draft, { recursive: true, force: true });
	// An interrupt ends the process before `finally`.
	process.once('exit', clean);
	try {
		const names = namesOf(name);
		// mkdtemp lets only its user read the folder.
		chmodSync(draft, 0o777 & ~process.umask());
		await step('Copying the framework', () => write(names, draft, root));
		await step('Generating the manifests', () => generate(draft, root));
		const stored = await step('Creating the repository', async () => commit(names, draft));
		renameSync(draft, target);
		const place = relative(process.cwd(), target) || '.';
		process.stdout.write(
			[
				`Created ${names.title} in ${place}, with the function ${example}${stored}. Next:`,
				`  cd ${place}`,
				`  npm start            installs the dependencies, then opens the shop at http://localhost:3000/${example}`,
				'  npm test             runs every test that needs no cluster',
				'  npx bodega deploy    deploys it to the cluster of the current kube context',
				'',
			].join('\n'),
		);
	} finally {
		process.off('exit', clean);
		clean();
	}
}

/** The most characters of a name. With a function's name of at most 42, a role's name then fits into Postgres's 63. */
const longest = 14;

function checkName(name: string, root: string): void {
	if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > longest)
		throw new Failure(
			'usage',
			`--shop ${name}: expected at most ${longest} lower-case letters, digits and single dashes, such as "corner-shop"`,
		);
	const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	const taken = new Set([
		...[shop.name, example, ...functions.map((fn) => fn.name)],
		...reservedNames,
		// Roles and namespaces of Postgres and Kubernetes, and names of packages that it depends on.
		...['pg', 'kube-system', 'kube-public', 'knative-eventing', 'istio-system', 'bodega'],
		...Object.keys({ ...dependencies, ...devDependencies }),
	]);
	if (taken.has(name))
		throw new Failure('usage', `--shop ${name}: the name is taken; choose another, such as "my-${name}"`);
}

function checkFolder(folder: string, name: string, root: string): void {
	const target = resolve(folder);
	if (!relative(root, target).startsWith('..'))
		throw new Failure('usage', `${folder}: expected a folder outside of this project, such as ../${name}`);
	if (existsSync(target) && (!statSync(target).isDirectory() || readdirSync(target).length))
		throw new Failure('usage', `${folder} is not empty: expected a new or an empty folder, such as ${folder}-2`);
}

/** Writes the files of the product, without its manifests. */
async function write(names: Names, draft: string, root: string): Promise<void> {
	const isCopied = (path: string): boolean => !left.test(basename(path));
	for (const entry of readdirSync(root).filter(isCopied))
		await cp(join(root, entry), join(draft, entry), { recursive: true, filter: isCopied });
	const kept = base.map(({ name }) => name);
	const gone = functions.map(({ name }) => name).filter((name) => !kept.includes(name));
	carryOut(planRemoval(gone, kept, draft), draft);
	for (const path of own) rmSync(join(draft, path), { recursive: true, force: true });
	shorten(draft);
	addExample(names, draft);
	rename(draft, names);
}

/** Removes this shop's life of an order and its pictures from the documents that the product keeps. */
function shorten(draft: string): void {
	for (const file of globSync(['*.md', 'docs/*.md'], { cwd: draft })) {
		const text = readFileSync(join(draft, file), 'utf8');
		writeFileSync(
			join(draft, file),
			text.replace(/^## The life of an order\n.*?(?=^## )/ms, '').replace(/^!\[.*\n\n?/gm, ''),
		);
	}
}

/** Formats the lists, and generates the manifests, with the dependencies of this project. */
async function generate(draft: string, root: string): Promise<void> {
	const link = join(draft, 'node_modules');
	symlinkSync(join(root, 'node_modules'), link);
	const work = async ([file = '', ...args]: readonly string[]) => await promisify(execFile)(file, args, { cwd: draft });
	try {
		await work([...tools.biome, 'check', '--write']);
		await work([process.execPath, join(draft, 'cli', 'main.ts'), 'generate']);
	} finally {
		unlinkSync(link);
	}
}

/** Makes a repository with one commit, if git is installed. Returns the end of a sentence that says so. */
function commit({ name, title }: Names, folder: string): string {
	const git = (...args: string[]) => spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
	if (git('--version').status !== 0) return '';
	// Without an identity of the user, the commit is the product's.
	const who =
		git('config', 'user.email').status === 0 ? [] : ['-c', `user.name=${title}`, '-c', `user.email=${name}@localhost`];
	for (const args of [
		['init', '--quiet', '--initial-branch=main'],
		['add', '--all'],
		[...who, 'commit', '--quiet', `--message=Start ${title}`],
	]) {
		const { status, stderr } = git(...args);
		if (status !== 0) throw new Error(`"git ${args.join(' ')}" failed: ${stderr.trim()}`);
	}
	return ' and a first commit';
}
