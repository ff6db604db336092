import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const folder = join(import.meta.dirname, '..', '.github');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const workflows = globSync('workflows/*.yml', { cwd: folder });
const actions = globSync('actions/*/action.yml', { cwd: folder });

test.each([...workflows, ...actions])('%s uses actions of this repository, and pins all others to a commit', (file) => {
	const used = read(file).match(/\buses: .*/g) ?? [];
	const free = used.filter((line) => !/^uses: (\.\/|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/.test(line));
	expect(free).toEqual([]);
});

test.each(workflows)('%s has no more permissions than reading the repository and writing packages', (file) => {
	const { permissions, jobs } = parse(read(file));
	expect(permissions).toEqual({ contents: 'read' });
	for (const job of Object.values<{ permissions?: object }>(jobs))
		expect([undefined, { contents: 'read', packages: 'write' }]).toContainEqual(job.permissions);
});

test.each([...workflows, ...actions])('%s imports only files that exist', (file) => {
	const imported = [...read(file).matchAll(/from "(\.\/[^"]+)"/g)].map(([, path = '']) => path);
	expect(imported.filter((path) => !existsSync(join(folder, '..', path)))).toEqual([]);
});
