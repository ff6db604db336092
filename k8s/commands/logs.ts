import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { functions } from '../../functions/index.ts';
import { shop } from '../../shop.ts';
import { Failure } from '../kubectl/failure.ts';
import { Kubectl, type LiveObject } from '../kubectl/kubectl.ts';

export interface LogsOptions {
	/** Goes on with what comes, of instances too that are started meanwhile. */
	readonly follow?: boolean | undefined;
	/** How many lines of what each instance has said already. */
	readonly tail: number;
	readonly namespace?: string | undefined;
}

/** An instance, as far as it has begun. */
interface Pod extends Omit<LiveObject, 'status'> {
	readonly status: {
		readonly containerStatuses?: readonly { readonly name: string; readonly state?: { readonly waiting?: unknown } }[];
	};
}

/** Until a container has begun, there is nothing to read, and kubectl would not wait for it. */
const hasBegun = ({ status }: Pod): boolean =>
	status.containerStatuses?.some(({ name, state }) => name === 'function' && !state?.waiting) ?? false;

/** From one look for new instances to the next, in milliseconds. */
const pause = 1500;

/**
 * Tells what a function's instances log, or every function's: a line each, with the Service it is of in front.
 * @param stop ends the following
 * @throws {Failure} for a function that there is not, or when there is no instance to ask
 */
export async function logs(name: string | undefined, options: LogsOptions, stop: AbortSignal): Promise<void> {
	const { follow = false, tail, namespace = shop.namespace } = options;
	if (name && !functions.some((fn) => fn.name === name))
		throw new Failure('usage', `There is no function "${name}", but: ${functions.map((fn) => fn.name).join(', ')}.`);
	const kubectl = new Kubectl(namespace);
	const label = `app.kubernetes.io/component=function${name ? `,app.kubernetes.io/name=${name}` : ''}`;
	const told = new Set<string>();
	const telling: Promise<void>[] = [];
	do {
		for (const pod of await kubectl.list<Pod>('pods', '-l', label)) {
			if (told.has(pod.metadata.name) || !hasBegun(pod)) continue;
			told.add(pod.metadata.name);
			telling.push(tell(pod, namespace, follow, tail, stop));
		}
		if (!follow) break;
		await after(pause, undefined, { signal: stop }).catch(() => {});
	} while (!stop.aborted);
	await Promise.all(telling);
	if (told.size === 0)
		throw new Failure(
			'notReady',
			`${name ? `${name} is` : 'All functions are'} at zero, and what was logged has gone with the instances. Follow with -f, and ask for something.`,
		);
}

async function tell(
	{ metadata }: Pod,
	namespace: string,
	follow: boolean,
	tail: number,
	stop: AbortSignal,
): Promise<void> {
	const args = ['logs', metadata.name, '-n', namespace, '-c', 'function', `--tail=${tail}`, ...(follow ? ['-f'] : [])];
	const child = spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'pipe'], signal: stop });
	child.once('error', () => {}); // It was stopped.
	child.stderr.resume(); // An instance that goes, or has not begun, is no fault.
	const service = metadata.labels?.['serving.knative.dev/service'] ?? metadata.name;
	for await (const line of createInterface({ input: child.stdout })) process.stdout.write(`${service} | ${line}\n`);
	if (child.exitCode === null && child.signalCode === null) await once(child, 'close').catch(() => {});
}
