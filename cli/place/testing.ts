import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { listening } from '../../local/testing.ts';
import { drillable } from '../drill/story.ts';

/** Every command that names a shop, with the options that keep it from asking. */
export const commands = [
	['status'],
	['logs'],
	['open', '--no-browser'],
	['events'],
	...((await drillable()).length ? [['drill']] : []),
	['stop'],
	['destroy', '--yes'],
	['backup'],
	['restore', '/etc/hosts', '--yes'],
	['admin', 'password'],
];

/** The commands that need a cluster. */
export const clusterCommands = [['start'], ['secrets', 'rotate'], ['deploy'], ['deploy', '--promote']];

/** Creates a temporary folder, removed after the test. */
export function folder(): string {
	const path = mkdtempSync(join(tmpdir(), 'bodega-cli-'));
	onTestFinished(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
	return path;
}

/** Returns the environment in which kubectl's current context, `tested`, leads to this URL. */
export function contextOf(server: string): { KUBECONFIG: string; HOME: string } {
	const home = folder();
	const file = join(home, 'config');
	writeFileSync(
		file,
		JSON.stringify({
			apiVersion: 'v1',
			kind: 'Config',
			'current-context': 'tested',
			clusters: [{ name: 'c', cluster: { server } }],
			users: [{ name: 'u', user: { token: 'x' } }],
			contexts: [{ name: 'tested', context: { cluster: 'c', user: 'u' } }],
		}),
	);
	return { KUBECONFIG: file, HOME: home };
}

/** Starts an API server, and returns the environment that leads to it. */
export const clusterOf = async (listener: RequestListener): Promise<{ KUBECONFIG: string; HOME: string }> =>
	contextOf(await listening(listener));

/** Answers as an API server does, with a Status (Kubernetes API conventions: "Response Status Kind"). */
export const refuse =
	(code: number, reason: string, message: string): RequestListener =>
	(_req, res) =>
		res
			.writeHead(code, { 'content-type': 'application/json' })
			.end(
				JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason, message }),
			);

/** Returns a PATH with the programs that `bodega` needs to start, and no other. */
export function bare(): string {
	const path = folder();
	for (const file of ['/bin/sh', '/usr/bin/dirname', '/usr/bin/readlink', '/usr/bin/uname'])
		symlinkSync(file, join(path, basename(file)));
	return path;
}
