import { join } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../../kit/process/usage-error.ts';
import { shop } from '../../shop.ts';

export const root = join(import.meta.dirname, '..', '..');

/** Returns the parser of an option with a number, 0 or more. @throws {UsageError} that says what was expected */
export const number =
	(flag: string, { whole = true, most = Number.MAX_SAFE_INTEGER } = {}) =>
	(text: string): number => {
		const value = Number(text);
		if (/^\d+(\.\d+)?$/.test(text) && value <= most && (Number.isInteger(value) || !whole)) return value;
		const range = most === Number.MAX_SAFE_INTEGER ? ', 0 or more' : ` from 0 to ${most}`;
		throw new UsageError(`${flag} ${text}: expected a ${whole ? 'whole ' : ''}number${range}`);
	};

export const port = number('--port', { most: 65_535 });

/** Parses a share of the requests, such as `10%` or `10`. */
export const percent = (text: string): number => {
	const share = Number(text.replace(/%$/, ''));
	if (!Number.isInteger(share) || share < 1 || share > 99)
		throw new InvalidArgumentError('Expected a whole percentage from 1% to 99%.');
	return share;
};

export const data = ['--data <folder>', 'data folder of the shop on this machine', join(root, '.data')] as const;
export const url = [
	'--url <url>',
	'address of the shop (default: the one running on this machine, else the one of the kube context)',
] as const;
export const images = new Option(
	'--images <way>',
	'way to load images into the cluster: minikube, kind, k3s, k3d, docker, containerd, push:REGISTRY or exec:COMMAND (default: detected)',
).env('BODEGA_IMAGES');
export const timeout = [
	'--timeout <seconds>',
	'time limit of each step',
	number('--timeout', { whole: false }),
	300,
] as const;
/** Settings of a shop on a cluster, stored with the shop for later deployments. */
export const choices = [
	new Option('--profile <size>', 'size of the shop: laptop, team or production'),
	new Option('--broker <broker>', 'implementation of the Broker: channel, kafka or rabbitmq:NAMESPACE/NAME'),
	new Option('--database <database>', 'type of the database: postgres, external (at DATABASE_URL) or cloudnative-pg'),
	new Option('--host <name>', 'host name of the shop, such as shop.example.com'),
	new Option('--ingress <ingress>', 'ingress of the shop: knative, or nginx, which must already run'),
	new Option('--tls <how>', 'certificate of the host: secret:NAME, or issuer:NAME for cert-manager'),
] as const;
export const namespace = ['-n, --namespace <name>', 'namespace of the shop', shop.namespace] as const;
