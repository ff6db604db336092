import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { shop } from '../../shop.ts';

/**
 * Fakes of the programs that create clusters, because not every machine has them. They log their arguments, and exit as
 * the real ones do when no cluster exists (`minikube status` with 85).
 */
const folder = mkdtempSync(join(tmpdir(), 'bodega-provider-'));
const calls = join(folder, 'calls');
for (const [program, then] of Object.entries({
	minikube: 'test "$1" != status || exit 85',
	kind: '',
	k3d: 'test "$2" != get || exit 1',
	docker: 'test "$1" != inspect || exit 1',
	kubectl: 'test "$2" != current-context || echo "$CONTEXT"',
})) {
	writeFileSync(join(folder, program), `#!/bin/sh\necho "${program} $*" >> '${calls}'\n${then}\n`);
	chmodSync(join(folder, program), 0o755);
}
beforeEach(() => rmSync(calls, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

function bodega(args: readonly string[], context = ''): Promise<{ code: number | null; said: string }> {
	return new Promise((resolve) => {
		const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}`, CONTEXT: context };
		const command = join(import.meta.dirname, '..', '..', 'bodega');
		const child = execFile(command, args, { env }, (_error, stdout, stderr) =>
			resolve({ code: child.exitCode, said: stdout + stderr }),
		);
	});
}
const called = (): string[] => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []);

test.each([
	['minikube', shop.name, `minikube start -p ${shop.name} --kubernetes-version=[\\d.]+ --cpus=4 --memory=6g`],
	['kind', `kind-${shop.name}`, `kind create cluster --name ${shop.name} --wait 300s`],
	['k3s', `k3d-${shop.name}`, `k3d cluster create ${shop.name} --k3s-arg --disable=traefik@server:. --wait`],
])(
	'create --on %s --dry-run prints the commands that would create the cluster, and creates none',
	async (on, context, how) => {
		const { code, said } = await bodega(['create', '--on', on, '--dry-run']);
		expect([code, said]).toEqual([0, expect.stringMatching(how)]);
		expect(said).toContain(`kubectl config use-context ${context}\n`);
		expect(called()).toHaveLength(1); // The one call checks whether the cluster exists.
	},
);

test.each([
	[shop.name, `minikube delete -p ${shop.name}`],
	[`kind-${shop.name}`, `kind delete cluster --name ${shop.name}`],
	[`k3d-${shop.name}`, `k3d cluster delete ${shop.name}`],
])('destroy --cluster deletes the cluster of the context %s, once confirmed', async (context, how) => {
	expect(await bodega(['destroy', '--cluster'], context)).toMatchObject({
		code: 2,
		said: expect.stringContaining('Confirm it with --yes.'),
	});
	expect(called()).not.toContain(how);
	expect(await bodega(['destroy', '--cluster', '--yes'], context)).toMatchObject({ code: 0 });
	expect(called()).toContain(how);
});

test('destroy --cluster refuses to delete a cluster that bodega create did not create', async () => {
	const { code, said } = await bodega(['destroy', '--cluster', '--yes'], 'production');
	expect([code, said]).toEqual([2, expect.stringContaining('"production" was not created by bodega create')]);
	expect(called()).toEqual(['kubectl config current-context']);
});
