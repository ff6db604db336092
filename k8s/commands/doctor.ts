import { lookup } from 'node:dns/promises';
import { styleText } from 'node:util';
import type { INode, IPod } from 'kubernetes-models/v1';
import { functions } from '../../functions/index.ts';
import { withRole } from '../../kit/declare/declare.ts';
import { shop } from '../../shop.ts';
import { findAddress } from '../cluster/address.ts';
import { memoryOf } from '../cluster/capacity.ts';
import versions from '../cluster/knative-versions.json' with { type: 'json' };
import { exitCode } from '../kubectl/failure.ts';
import { Kubectl, type LiveObject, named } from '../kubectl/kubectl.ts';
import { printResult, type ReportOptions, step } from '../kubectl/progress.ts';
import { lastLine, run } from '../kubectl/run.ts';
import { complaint } from '../kubectl/trouble.ts';

export interface Finding {
	readonly name: string;
	readonly state: 'ok' | 'warning' | 'failed';
	readonly found: string;
	/** Instructions to fix it, unless the state is `ok`. */
	readonly mend?: string;
}

type CheckResult = Omit<Finding, 'name'>;

const ok = (found: string): CheckResult => ({ state: 'ok', found });
const warning = (found: string, mend: string): CheckResult => ({ state: 'warning', found, mend });
const failed = (found: string, mend: string): CheckResult => ({ state: 'failed', found, mend });

/** Milliseconds for Docker and the cluster to answer. */
const limit = 10_000;

/** The memory the shop requests, in MiB: one instance of each Service, and Postgres (k8s/manifests). */
const wanted = 2048;

/**
 * Checks everything that a deployment needs, whether or not the shop is deployed, and prints how to fix what is
 * missing.
 * @returns the exit code: 0 when a deployment has what it needs, 3 when not
 */
export async function doctor({ namespace = shop.namespace, json }: ReportOptions): Promise<number> {
	const findings = await step('checks', () => examine(new Kubectl(namespace)));
	printResult(findings, tell, json);
	return findings.some(({ state }) => state === 'failed') ? exitCode.environment : 0;
}

/** Runs all checks. Skips those that need a cluster if no cluster answers. */
export async function examine(kubectl: Kubectl): Promise<Finding[]> {
	const docker = await finding('Docker', dockerAnswers);
	const client = await finding('kubectl', kubectlIsThere);
	if (client.state === 'failed') return [docker, client];
	const cluster = await finding('cluster', () => clusterAnswers(kubectl));
	if (cluster.state === 'failed') return [docker, client, cluster];
	const parts = [
		finding('Knative Serving', () => knativePart(kubectl, 'serving', 'knative-serving')),
		finding('Knative Eventing', () => knativePart(kubectl, 'eventing', 'knative-eventing')),
		finding('ingress', () => ingressAnswers(kubectl)),
		finding('storage', () => storageClass(kubectl)),
		finding('free memory', () => freeMemory(kubectl)),
		finding('names', () => namesResolve(kubectl)),
	];
	return [docker, client, cluster, ...(await Promise.all(parts))];
}

async function finding(name: string, look: () => Promise<CheckResult>): Promise<Finding> {
	try {
		return { name, ...(await look()) };
	} catch (error) {
		const [found = '', ...mend] = (error instanceof Error ? error.message : String(error)).split('\n');
		return { name, ...failed(found, mend.join(' ') || 'See docs/troubleshooting.md.') };
	}
}

async function dockerAnswers(): Promise<CheckResult> {
	const { code, stdout, stderr } = await run('docker', ['version', '--format', '{{.Server.Version}}'], { limit });
	return code === 0
		? ok(`engine ${stdout.trim()}`)
		: warning(
				`no engine answers: ${lastLine(stderr)}`,
				'Docker builds the images. Start it (sudo systemctl start docker, or Docker Desktop), or point DOCKER_HOST at an engine.',
			);
}

async function kubectlIsThere(): Promise<CheckResult> {
	const { stdout } = await run('kubectl', ['version', '--client', '-o', 'json']);
	const { clientVersion } = JSON.parse(stdout) as { clientVersion: { gitVersion: string } };
	return ok(clientVersion.gitVersion);
}

async function clusterAnswers(kubectl: Kubectl): Promise<CheckResult> {
	const context = await kubectl.context();
	const { code, stdout, stderr } = await kubectl.attempt(['get', '--raw', '/version'], { limit });
	if (code !== 0)
		return failed(
			`${context ? `context "${context}"` : 'no context is selected, and the default'} gives no usable answer: ${complaint(stderr)}`,
			'Create a cluster with npx bodega create --on minikube, start an existing one (minikube start), or select another: kubectl config use-context NAME',
		);
	const { major, minor, gitVersion } = JSON.parse(stdout) as { major: string; minor: string; gitVersion: string };
	const found = `Kubernetes ${gitVersion}${context ? `, context "${context}"` : ''}`;
	return isOlder(`${major}.${minor}`, versions.kubernetes)
		? warning(
				found,
				`Knative ${versions.serving} needs Kubernetes ${versions.kubernetes} or newer. Upgrade the cluster.`,
			)
		: ok(found);
}

/** Compares versions by major and minor number. A managed cluster's minor number can end in a plus: "34+". */
function isOlder(version: string, least: string): boolean {
	const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
	const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
	return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

async function knativePart(kubectl: Kubectl, part: 'serving' | 'eventing', namespace: string): Promise<CheckResult> {
	const deployments = await kubectl.read<LiveObject>('deployments', '-n', namespace);
	if (!deployments.length)
		return failed('not installed', `Install it with npx bodega create --on current (version ${versions[part]}).`);
	const version = deployments[0]?.metadata.labels?.['app.kubernetes.io/version'];
	const down = deployments.filter(({ status }) => (status?.replicas ?? 0) > (status?.readyReplicas ?? 0));
	if (down.length)
		return failed(
			`not ready: ${down.map(({ metadata }) => metadata.name).join(', ')}`,
			`See why: kubectl -n ${namespace} describe pods; kubectl -n ${namespace} logs deployment/${down[0]?.metadata.name}`,
		);
	return ok(`${version ? `version ${version}, ` : ''}${deployments.length} parts ready`);
}

async function ingressAnswers(kubectl: Kubectl): Promise<CheckResult> {
	const address = await findAddress(kubectl);
	await address.close();
	return ok(address.url);
}

async function storageClass(kubectl: Kubectl): Promise<CheckResult> {
	const classes = await kubectl.read<LiveObject>('storageclasses');
	const chosen = classes.find(
		({ metadata }) => metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true',
	);
	return chosen
		? ok(`default class "${chosen.metadata.name}"`)
		: failed(
				'there is no default storage class, so the database gets no volume',
				'Make one the default: kubectl patch storageclass NAME -p \'{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}\'',
			);
}

async function freeMemory(kubectl: Kubectl): Promise<CheckResult> {
	const [nodes, pods] = await Promise.all([kubectl.read<INode>('nodes'), kubectl.read<IPod>('pods', '-A')]);
	const free = memoryOf(nodes, pods);
	const found = `${free} MiB not requested by Pods, on ${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}`;
	return free < wanted
		? warning(
				found,
				`The shop requests up to ${wanted} MiB when all of it runs. Give the cluster more (minikube start --memory 6g).`,
			)
		: ok(found);
}

async function namesResolve(kubectl: Kubectl): Promise<CheckResult> {
	const [gateway] = await kubectl.list('services.serving.knative.dev', ...named(withRole('gateway', functions).name));
	const url = gateway?.status?.url;
	if (!url) return ok('the shop is not deployed yet');
	const { host } = new URL(url);
	try {
		const { address } = await lookup(host);
		return ok(`${host} is ${address}`);
	} catch {
		return warning(
			`${host} does not resolve on this machine`,
			'Run npx bodega open, which needs no host name, or give the shop your own domain: docs/ingress.md',
		);
	}
}

function tell(findings: readonly Finding[]): string {
	const mark = { ok: '✓', warning: '!', failed: '✗' };
	const colour = { ok: 'green', warning: 'yellow', failed: 'red' } as const;
	return findings
		.map(({ name, state, found, mend }) => {
			const sign = styleText(colour[state], mark[state], { stream: process.stdout });
			return `${sign} ${name.padEnd(18)}${found}\n${mend ? `${' '.repeat(20)}→ ${mend}\n` : ''}`;
		})
		.join('');
}
