import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listenAnywhere } from '../../local/free-port.ts';
import { Command } from '../../tests/command.ts';
import { root } from '../commands/options.ts';
import { bare, clusterCommands, clusterOf, commands, contextOf, folder, refuse } from './testing.ts';

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

/** Runs a command. Returns its exit code, and its output without progress. */
async function bodega(args: readonly string[], env: Record<string, string>) {
	const { code, output } = await Command.run(root, [...args, '-n', 'bodega'], { env });
	return { code, output: output.replace(/^ {2}.* …\n/gm, '') };
}

/** Runs all commands in parallel, and returns their exit codes and outputs without doubles. */
async function outcomes(env: Record<string, string>): Promise<unknown> {
	const told = await Promise.all([...commands, ...clusterCommands].map((args) => bodega(args, env)));
	return [...new Set(told.map(({ code, output }) => `${code} ${output}`))];
}

test('every command says in a line that kubectl is missing', async () => {
	expect(await outcomes({ PATH: bare(), KUBECONFIG: '/dev/null' })).toEqual([
		'3 The program "kubectl" was not found. Install it: https://kubernetes.io/docs/tasks/tools/',
	]);
});

test.runIf(hasKubectl)('every command says in a line that the cluster refuses connections', async () => {
	expect(await outcomes(contextOf('http://127.0.0.1:1'))).toEqual([
		expect.stringMatching(/^3 The cluster of context "tested" does not answer: .* Start it, or select another: .*$/),
	]);
});

const answer =
	(body: unknown): RequestListener =>
	(_req, res) =>
		res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** Answers like a cluster whose API server lacks the paths that begin with one of these. */
const lacking =
	(path: string): RequestListener =>
	(req, res) =>
		(req.url?.startsWith(path) ? refuse(404, 'NotFound', 'not found') : answer({ gitVersion: 'v1.35.4' }))(req, res);

/** The paths that every user can read. */
const discovery: Readonly<Record<string, unknown>> = {
	'/version': { gitVersion: 'v1.35.4' },
	'/api': { kind: 'APIVersions', versions: ['v1'] },
	'/apis': { kind: 'APIGroupList', groups: [] },
	'/api/v1': {
		kind: 'APIResourceList',
		groupVersion: 'v1',
		resources: [{ name: 'namespaces', singularName: 'namespace', kind: 'Namespace', verbs: ['get'] }],
	},
	'/apis/serving.knative.dev/v1': {},
	'/apis/eventing.knative.dev/v1': {},
	'/apis/eventing.knative.dev/v1beta3': {},
};
const forbidding: RequestListener = (req, res) => {
	const [path = ''] = (req.url ?? '').split('?');
	const found = discovery[path];
	return (found ? answer(found) : refuse(403, 'Forbidden', `User "eve" cannot get path "${path}"`))(req, res);
};

test.runIf(hasKubectl).each<[string, RequestListener, RegExp]>([
	['rejects the credentials', refuse(401, 'Unauthorized', 'Unauthorized'), /rejects kubectl's credentials: .*Sign in/],
	['permits nothing', refuse(403, 'Forbidden', 'no'), /does not permit this: .*Ask its administrator/],
	['permits nothing in the namespace', forbidding, /does not permit this: .*"eve" cannot.* Ask its administrator/],
	['has failed', refuse(503, 'ServiceUnavailable', 'no'), /^There is no usable Kubernetes at .*Select another/],
	[
		'is a website',
		(_req, res) => void res.end('<html>'),
		/^There is no usable Kubernetes at the cluster of context "tested": .*Select another/,
	],
	['lacks Knative Serving', lacking('/apis/serving'), /^Knative Serving is missing .*create --on current/],
	['lacks Knative Eventing', lacking('/apis/eventing'), /^Knative Eventing is missing .*create --on current/],
	['has an old Knative', lacking('/apis/eventing.knative.dev/v1beta3'), /^Knative Eventing 1\.14 or newer is missing/],
	['lacks the namespace', lacking('/api/v1/namespaces/bodega'), /^There is no namespace bodega .*deploy one/],
])('status says in a sentence what to do about a cluster that %s', async (_which, listener, wanted) => {
	const { code, output } = await bodega(['status'], await clusterOf(listener));
	expect([code, output.replace('The shop in namespace bodega of context tested\n', '')]).toEqual([
		3,
		expect.stringMatching(new RegExp(`${wanted.source}[^\\n]*$`)),
	]);
	expect(output).not.toMatch(/memcache|E\d{4} /);
});

test.runIf(hasKubectl)('waits 10 s for a cluster that is silent, or ends every connection', async () => {
	const silent = await clusterOf(() => {});
	const ending = await clusterOf((req) => void req.destroy());
	const start = performance.now();
	const told = await Promise.all([
		...['status', 'logs', 'backup'].map((command) => bodega([command], silent)),
		bodega(['status'], ending),
	]);
	expect(performance.now() - start).toBeLessThan(40_000);
	const silence = { code: 3, output: expect.stringMatching(/does not answer: no answer within 10 s\. Start it/) };
	expect(told).toEqual([silence, silence, silence, { code: 3, output: expect.stringMatching(/does not answer: .*/) }]);
});

test.runIf(hasKubectl)('says that no context is selected, and what is wrong with the configuration', async () => {
	const home = folder();
	const broken = join(home, 'broken');
	writeFileSync(broken, '{{');
	const none = await bodega(['status'], {
		KUBECONFIG: '/dev/null',
		HOME: home,
		KUBERNETES_MASTER: 'http://127.0.0.1:1',
	});
	expect([none.code, none.output]).toEqual([
		3,
		expect.stringMatching(/^kubectl has no current context, .*select another/),
	]);
	const unread = await bodega(['status'], { KUBECONFIG: broken, HOME: home });
	expect([unread.code, unread.output]).toEqual([
		3,
		expect.stringMatching(/^kubectl cannot use its configuration: .*Repair it/),
	]);
});

test.runIf(hasKubectl)(
	'an interrupt ends a command and its programs within seconds, with 130 and no file left',
	async () => {
		let arrived = (): void => {};
		const waiting = new Promise<void>((resolve) => {
			arrived = resolve;
		});
		const server = createServer(() => arrived());
		onTestFinished(() => void server.close());
		const env = contextOf(await listenAnywhere(server));
		const where = folder();
		const command = new Command(root, ['backup', '-n', 'bodega', '--output', join(where, 'shop.dump')], { env });
		await waiting;
		const start = performance.now();
		command.child.kill('SIGINT');
		expect(await command.exit).toBe(130);
		expect(performance.now() - start).toBeLessThan(5_000);
		expect([command.output, readdirSync(where)]).toEqual(['', []]);
		const connections = () => new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
		await expect.poll(connections).toBe(0);
	},
);

test('bad usage ends with 2, and says what was found, what was expected and where to read more', async () => {
	const cases = [
		[['statsu'], /^statsu: unknown command; did you mean status\?$/],
		[['status', '--jsn'], /^--jsn: unknown option; did you mean --json\?$/],
		[['restore'], /^bodega restore: expected <file>: dump/],
		[['start', '--port', '99999'], /^--port 99999: expected a whole number from 0 to 65535$/],
		[['open', '--port', '1e3'], /^--port 1e3: expected/],
		[['events', '--limit', '0'], /^--limit 0: expected a whole number from 1 to 1000$/],
		[['drill', '--orders', '51'], /^--orders 51: expected a whole number from 1 to 50$/],
		[['logs', '--since', 'yesterday'], /^--since yesterday: expected a duration such as 30s/],
		[['logs', '--trace', '"'], /^--trace .*hex digits/],
		[['logs', 'shoes'], /There is no function "shoes". The functions are: /],
		[['deploy', '--canary', '0'], /^--canary 0: expected a whole percentage from 1% to 99%$/],
		[['events', '--url', 'nonsense'], /--url nonsense: expected an address such as/],
	] as const;
	const told = await Promise.all(cases.map(([args]) => Command.run(root, args)));
	for (const [index, [args, wanted]] of cases.entries()) {
		const { code, output = '' } = told[index] ?? {};
		const [message, ...more] = output.split('\n');
		expect([args, code, message]).toEqual([args, 2, expect.stringMatching(wanted)]);
		expect(more.at(-1)).toMatch(/^See: npx bodega .*--help$/);
	}
});

test('a reader that closes the pipe ends a command quietly', async () => {
	const script = `set -o pipefail; ./bodega completion bash | head -1`;
	const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: root, encoding: 'utf8' });
	expect([status, stdout, stderr]).toEqual([0, '_bodega() {\n', '']);
});
