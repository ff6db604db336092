import { join } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { shop } from '../../shop.ts';

export const root = join(import.meta.dirname, '..', '..');

export const number = (text: string): number => {
	const value = Number(text);
	if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('a number from 0 on is wanted.');
	return value;
};

/** A share of the requests, as `10%` or `10`. */
export const percent = (text: string): number => {
	const share = Number(text.replace(/%$/, ''));
	if (!Number.isInteger(share) || share < 1 || share > 99)
		throw new InvalidArgumentError('a whole percentage from 1% to 99% is wanted.');
	return share;
};

/** Where the data of a shop on this machine live. */
export const data = [
	'--data <folder>',
	'where the data of the shop on this machine live',
	join(root, '.data'),
] as const;
export const url = [
	'--url <url>',
	'where the shop is; if not said, the one open on this machine, else that of the kube context',
] as const;
export const images = new Option(
	'--images <way>',
	'how images reach it: minikube, kind, k3s, k3d, docker, containerd, push:REGISTRY or exec:COMMAND; found out if not said',
).env('BODEGA_IMAGES');
export const timeout = ['--timeout <seconds>', 'how long each step may take until all is ready', number, 300] as const;
/** What is chosen for a shop on a cluster, and remembered with it. */
export const choices = [
	new Option('--profile <size>', 'for how much it is sized: laptop, team or production'),
	new Option('--broker <broker>', 'what is behind the Broker: channel, kafka, or rabbitmq:NAMESPACE/NAME'),
	new Option('--database <database>', 'postgres, external (at DATABASE_URL), or cloudnative-pg'),
	new Option('--host <name>', 'the name it is reached by, shop.example.com for instance'),
	new Option('--ingress <ingress>', 'what stands in front: knative, or an nginx that runs already'),
	new Option('--tls <how>', 'where the host’s certificate is: secret:NAME, or issuer:NAME of cert-manager'),
] as const;
export const namespace = ['-n, --namespace <name>', 'the namespace of the shop', shop.namespace] as const;
