import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import { Failure } from '../kubectl/failure.ts';
import type { Kubectl, LiveObject } from '../kubectl/kubectl.ts';
import { start } from '../kubectl/run.ts';

export interface LogsOptions {
	/** Keeps printing new lines, including those of instances that start later. */
	readonly follow?: boolean | undefined;
	/** The number of past lines of each instance. */
	readonly tail: number;
	/** Leaves out older lines. */
	readonly since?: Date | undefined;
	/** Leaves out the lines of other traces: the first hex digits of a trace id. */
	readonly trace?: string | undefined;
}

/** The beginning of the field of a log line (kit/trace/log.ts) that has the id of its trace. */
export const traceField = (trace: string): string => `"trace":"${trace}`;

/** Milliseconds to read the past lines of an instance. */
const limit = 30_000;

/** Returns whether the function's container has started. Before that it has no log, and `kubectl logs` fails. */
const hasBegun = ({ status }: LiveObject): boolean =>
	status?.containerStatuses?.some(({ name, state }) => name === 'function' && !state?.waiting) ?? false;

/**
 * Prints the logs of all instances of the functions, or of every function, each line prefixed with the Service name.
 * @param stop ends `follow`
 * @throws {Failure} when no function is deployed, or no instance is running
 */
export async function clusterLogs(
	kubectl: Kubectl,
	names: readonly string[],
	{ follow = false, tail, since, trace }: LogsOptions,
	stop: AbortSignal,
): Promise<void> {
	const { namespace } = kubectl;
	if (!(await kubectl.list('services.serving.knative.dev')).length)
		throw new Failure(
			'environment',
			`No function is deployed in the namespace ${namespace}. See npx bodega status -n ${namespace}, or name another with --namespace.`,
		);
	const label = `app.kubernetes.io/component=function${names.length ? `,app.kubernetes.io/name in (${names.join(',')})` : ''}`;
	const from = since ? [`--since-time=${since.toISOString()}`] : [];
	// kubectl counts the lines before they are filtered.
	const lines = Number.isFinite(tail) && !trace ? [`--tail=${tail}`] : ['--tail=-1'];
	const args = ['-n', namespace, '-c', 'function', ...lines, ...from, ...(follow ? ['-f'] : [])];
	const told = new Set<string>();
	const telling: Promise<void>[] = [];
	do {
		for (const pod of await kubectl.list('pods', '-l', label)) {
			if (told.has(pod.metadata.name) || !hasBegun(pod)) continue;
			told.add(pod.metadata.name);
			telling.push(tell(pod, args, trace));
		}
		if (follow) await after(1500, undefined, { signal: stop });
	} while (follow);
	await Promise.all(telling);
	if (told.size === 0)
		throw new Failure(
			'notReady',
			`${names.join(', ') || 'Every function'}: at zero, so the logs of the instances are gone. Run it with -f, and send a request.`,
		);
}

async function tell({ metadata }: LiveObject, args: readonly string[], trace: string | undefined): Promise<void> {
	const child = start('kubectl', ['logs', metadata.name, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
	const ended = once(child, 'close');
	const timer = args.includes('-f') ? undefined : setTimeout(() => child.kill(), limit);
	const service = metadata.labels?.['serving.knative.dev/service'] ?? metadata.name;
	for await (const line of createInterface({ input: child.stdout as Readable }))
		if (!trace || line.includes(traceField(trace))) process.stdout.write(`${service} | ${line}\n`);
	// kubectl's errors are about instances that end, or have not started.
	await ended;
	clearTimeout(timer);
}
