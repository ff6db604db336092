import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeOptions } from './node-options.ts';

test('the image runs a function, and fills its compile cache, with the options of the laptop', () => {
	const dockerfile = readFileSync(join(import.meta.dirname, '..', '..', 'Dockerfile'), 'utf8');
	const commands = [...dockerfile.matchAll(/^(?:ENTRYPOINT|RUN) (\["node".*\])$/gm)].map(([, list = '']) =>
		JSON.parse(list),
	);
	expect(commands).toEqual([
		['node', 'compose/bundles.ts'],
		['node', ...nodeOptions],
		['node', ...nodeOptions, '/app/function.cjs'],
	]);
});
