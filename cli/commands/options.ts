import { join } from 'node:path';
import { Option } from 'commander';
import { Failure } from '../../k8s/kubectl/failure.ts';
import { interruptible } from '../../k8s/kubectl/interrupt.ts';
import { shop } from '../../shop.ts';

export const root = join(import.meta.dirname, '..', '..');

/** Makes the action of a command that signals interrupt, and that ends with the exit code that `work` returns, or else 0. */
export const action =
	<Args extends unknown[]>(work: (stop: AbortSignal, ...args: Args) => Promise<unknown>) =>
	async (...args: Args): Promise<void> => {
		process.exitCode = await interruptible((stop) => work(stop, ...args));
	};

/** Returns the parser of an option with a number within bounds. @throws {Failure} 2 that says what was expected */
export const number =
	(flag: string, { whole = true, least = 0, most = Number.MAX_SAFE_INTEGER } = {}) =>
	(text: string): number => {
		const value = Number(text);
		const fits = value >= least && value <= most && (Number.isInteger(value) || !whole);
		if (/^\d+(\.\d+)?$/.test(text) && fits) return value;
		const range = most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`;
		throw new Failure('usage', `${flag} ${text}: expected a ${whole ? 'whole ' : ''}number${range}`);
	};

export const port = number('--port', { most: 65_535 });

/** Parses a share of the requests, such as `10%` or `10`. */
export const percent = (text: string): number => {
	const share = Number(text.replace(/%$/, ''));
	if (!Number.isInteger(share) || share < 1 || share > 99)
		throw new Failure('usage', `--canary ${text}: expected a whole percentage from 1% to 99%`);
	return share;
};

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Parses a time in the past: a duration before now, such as `10m`, or a time as in logs. */
export const since = (text: string): Date => {
	const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
	const time = count ? new Date(Date.now() - Number(count) * units[unit as keyof typeof units]) : new Date(text);
	if (!count && (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime())))
		throw new Failure(
			'usage',
			`--since ${text}: expected a duration such as 30s, 10m or 2h, or a time such as 2026-11-25T08:00:00Z`,
		);
	return time;
};

/** Parses a trace id, or its beginning. */
export const trace = (text: string): string => {
	if (!/^[0-9a-f]{4,32}$/.test(text))
		throw new Failure(
			'usage',
			`--trace ${text}: expected the first 4 to 32 hex digits of a trace id, such as 0af76519`,
		);
	return text;
};

// The options have no defaults for commander: a given option decides between this machine and the cluster.
export const data = ['--data <folder>', 'data folder of a shop on this machine (default: .data)'] as const;
export const namespace = ['-n, --namespace <name>', `namespace on a cluster (default: ${shop.namespace})`] as const;
export const url = ['--url <url>', 'address of a shop (default: here, else on the cluster)'] as const;
export const images = new Option(
	'--images <way>',
	'minikube, kind, k3s, k3d, docker, containerd, push:REGISTRY or exec:COMMAND (else $BODEGA_IMAGES)',
).env('BODEGA_IMAGES');
export const timeout = [
	'--timeout <seconds>',
	'time limit of each step',
	number('--timeout', { least: 1 }),
	300,
] as const;
/** Settings of a shop on a cluster, stored with the shop for later deployments. */
export const choices = [
	new Option('--profile <size>', 'size of the shop: laptop, team or production'),
	new Option('--broker <broker>', 'Broker: channel, kafka or rabbitmq:NAMESPACE/NAME'),
	new Option('--database <database>', 'postgres, external (DATABASE_URL) or cloudnative-pg'),
	new Option('--pooler <address>', 'HOST:PORT of the PgBouncer before an external database'),
	new Option('--archive <place>', 'archive of removed events: claim or s3://BUCKET/PREFIX'),
	new Option('--host <name>', 'host name of the shop, such as shop.example.com'),
	new Option('--ingress <ingress>', 'knative, or nginx, which must already run'),
	new Option('--tls <how>', 'secret:NAME, or issuer:NAME of cert-manager'),
] as const;
