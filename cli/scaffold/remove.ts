import { join } from 'node:path';
import { base, functions } from '../../functions/index.ts';
import { Failure } from '../../k8s/kubectl/failure.ts';
import type { Declaration } from '../../kit/declare/declare.ts';
import { step } from '../../local/output.ts';
import { run, tools } from '../development/run.ts';
import { carryOut, planRemoval } from './removal.ts';

/**
 * Removes functions from the project, each with its page, tests, event types, manifests and entries in lists.
 * @throws {Failure} when a name is not a function of the shop, or another function depends on one of them
 */
export async function remove(names: readonly string[], root: string): Promise<void> {
	for (const name of names) checkName(name);
	const others = functions.filter(({ name }) => !names.includes(name));
	refuseDependents(names, others);
	const kept = others.map(({ name }) => name);
	const { deleted, changed } = planRemoval(names, kept, root);
	carryOut({ deleted, changed }, root);
	const code = [...changed.keys()].filter((file) => /\.(ts|css)$/.test(file));
	await step('Formatting the lists', () => finish([...tools.biome, 'check', '--write', '--log-level=error', ...code]));
	// In a new process, because this one has loaded the functions.
	await step('Generating the manifests', () => finish([join(root, 'bodega'), 'generate']));
	process.stdout.write(
		[
			`Removed ${names.join(', ')}: ${deleted.length} files, and entries in ${[...changed.keys()].join(', ')}. Next:`,
			'  npm run check && npm test',
			`  git grep -nwiE "${names.join('|')}"   finds what the documents still say`,
			'An existing database keeps the tables. `bodega deploy` removes the Services from a cluster.',
			'',
		].join('\n'),
	);
}

async function finish(command: readonly string[]): Promise<void> {
	const code = await run(command);
	if (code !== 0) throw new Error(`"${command.join(' ')}" ended with exit code ${code}.`);
}

/** Returns the functions that can be removed: the shop's own. */
export const removable = (): string[] => functions.filter((each) => !base.includes(each)).map(({ name }) => name);

function checkName(name: string): void {
	if (base.some((each) => each.name === name))
		throw new Failure('usage', `Every shop needs the function "${name}", so it cannot be removed.`);
	if (functions.some((each) => each.name === name)) return;
	throw new Failure('usage', `Found no function "${name}". Expected one of: ${removable().join(', ')}.`);
}

/** Returns why a function needs one that goes: it calls it, or reacts to an event that no other function emits. */
function needs(
	{ calls, reacts }: Declaration,
	gone: readonly Declaration[],
	staying: readonly Declaration[],
): string[] {
	return gone.flatMap(({ name, emits }) => [
		...(name in calls ? [`calls ${name}`] : []),
		...reacts
			.filter((type) => emits.includes(type) && !staying.some((other) => other.emits.includes(type)))
			.map((type) => `reacts to ${type} of ${name}`),
	]);
}

/** @throws {Failure} that names the functions that depend on those to remove, and the command that removes them too */
function refuseDependents(names: readonly string[], others: readonly Declaration[]): void {
	const gone = functions.filter(({ name }) => names.includes(name));
	const dependents = others
		.map((other) => ({ other, why: needs(other, gone, others) }))
		.filter(({ why }) => why.length);
	if (!dependents.length) return;
	const all = withDependents(names);
	throw new Failure(
		'usage',
		[
			`Other functions depend on ${names.join(', ')}:`,
			...dependents.map(({ other, why }) => `  ${other.name} ${why.join(', and ')}`),
			`Change them first, or remove them too: npx bodega remove ${all.join(' ')}`,
		].join('\n'),
	);
}

/** Returns the functions and all that depend on them, directly or not. */
function withDependents(names: readonly string[]): readonly string[] {
	const gone = functions.filter(({ name }) => names.includes(name));
	const others = functions.filter(({ name }) => !names.includes(name));
	const more = others.filter((other) => needs(other, gone, others).length).map(({ name }) => name);
	return more.length ? withDependents([...names, ...more]) : names;
}
