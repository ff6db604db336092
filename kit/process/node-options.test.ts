import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allocation, nodeOptions } from './node-options.ts';

const read = (file: string): string => readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8');

test('the image runs a function, and fills its code cache, with the options of the laptop', () => {
	const commands = [...read('Dockerfile').matchAll(/^(?:ENTRYPOINT|RUN) (\["node".*\])$/gm)].map(([, list = '']) =>
		JSON.parse(list),
	);
	expect(commands).toEqual([
		['node', 'compose/bundles.ts'],
		['node', ...nodeOptions],
		['node', ...nodeOptions, '/app/start.cjs'],
	]);
});

test('every command runs with these options', () => {
	expect(read('bodega')).toContain(`"$node" ${nodeOptions.join(' ')} "$root/cli/main.ts"`);
});

test('the open shop and the images run with the environment of a function on a laptop', () => {
	const variables = Object.entries(allocation)
		.map((pair) => pair.join('='))
		.join(' ');
	expect(read('bodega')).toContain(`export ${variables}\n`);
	expect(read('Dockerfile')).toContain(`\nENV ${variables}\n`);
});
