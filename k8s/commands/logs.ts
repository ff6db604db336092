import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { functions } from '../../functions/index.ts';
import { guard } from '../../kit/process/guard.ts';
import { shop } from '../../shop.ts';
import { Failure } from '../kubectl/failure.ts';
import { Kubectl, type LiveObject } from '../kubectl/kubectl.ts';

interface LogsOptions {
	/** Keeps printing new lines, including those of instances that start later. */
	readonly follow?: boolean | undefined;
	readonly tail: number;
	readonly namespace?: string | undefined;
}

/** Returns whether the function's container has started. Before that it has no log, and `kubectl logs` fails. */
const hasBegun = ({ status }: LiveObject): boolean =>
	status?.containerStatuses?.some(({ name, state }) => name === 'function' && !state?.waiting) ?? false;

/**
 * Prints the logs of all instances of one function or of every function, each line prefixed with the Service name.
 * @param stop ends `follow`
 * @throws {Failure} when the function does not exist, or when no instance is running
 */
export async function logs(name: string | undefined, options: LogsOptions, stop: AbortSignal): Promise<void> {
	const { follow = false, tail, namespace = shop.namespace } = options;
	if (name && !functions.some((fn) => fn.name === name))
		throw new Failure(
			'usage',
			`There is no function "${name}". The functions are: ${functions.map((fn) => fn.name).join(', ')}.`,
		);
	const kubectl = new Kubectl(namespace);
	const label = `app.kubernetes.io/component=function${name ? `,app.kubernetes.io/name=${name}` : ''}`;
	const args = ['-n', namespace, '-c', 'function', `--tail=${tail}`, ...(follow ? ['-f'] : [])];
	const told = new Set<string>();
	const telling: Promise<void>[] = [];
	do {
		for (const pod of await kubectl.list('pods', '-l', label)) {
			if (told.has(pod.metadata.name) || !hasBegun(pod)) continue;
			told.add(pod.metadata.name);
			telling.push(tell(pod, args, stop));
		}
		if (!follow) break;
		await after(1500, undefined, { signal: stop }).catch(() => {});
	} while (!stop.aborted);
	await Promise.all(telling);
	if (told.size === 0)
		throw new Failure(
			'notReady',
			`${name ? `${name} is` : 'All functions are'} at zero, and the logs of their instances are gone. Run it with -f, and send a request.`,
		);
}

async function tell({ metadata }: LiveObject, args: readonly string[], stop: AbortSignal): Promise<void> {
	const child = guard(
		spawn('kubectl', ['logs', metadata.name, ...args], { stdio: ['ignore', 'pipe', 'pipe'], signal: stop }),
	);
	child.once('error', () => {}); // `stop` was aborted.
	child.stderr.resume(); // Ignores kubectl's errors about instances that end or have not started.
	const service = metadata.labels?.['serving.knative.dev/service'] ?? metadata.name;
	for await (const line of createInterface({ input: child.stdout })) process.stdout.write(`${service} | ${line}\n`);
	if (child.exitCode === null && child.signalCode === null) await once(child, 'close').catch(() => {});
}
