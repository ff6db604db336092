import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { guard } from '../../kit/process/guard.ts';
import { Failure } from './failure.ts';
import { stop } from './interrupt.ts';

export interface Ran {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** A program with its arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** Where to get the programs that are not installed everywhere. */
const origin: Readonly<Record<string, string>> = {
	kubectl: 'https://kubernetes.io/docs/tasks/tools/',
	docker: 'https://docs.docker.com/get-docker/',
	minikube: 'https://minikube.sigs.k8s.io/docs/start/',
	kind: 'https://kind.sigs.k8s.io/',
	k3d: 'https://k3d.io/',
};

export interface RunOptions {
	readonly input?: string | undefined;
	/** Milliseconds after which the program is killed, and counts as failed. Without a limit it can run forever. */
	readonly limit?: number | undefined;
	/** Cleans up, and so runs after an interrupt too. */
	readonly cleanup?: boolean | undefined;
}

/** The programs that are running, except those that clean up. */
const programs = new Set<ChildProcess>();
const endPrograms = (): void => {
	for (const program of programs) program.kill();
};
stop.addEventListener('abort', endPrograms);
process.on('exit', endPrograms);

/** Starts a program that ends with this process, and when the command is interrupted. @throws {AbortError} after that */
export function start(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
	stop.throwIfAborted();
	const child = guard(spawn(program, args, options));
	programs.add(child);
	child.once('close', () => programs.delete(child));
	return child;
}

/**
 * Runs a program to its end.
 * @throws {Failure} when the program is missing
 * @throws {AbortError} when the command is interrupted
 */
export async function run(
	program: string,
	args: readonly string[],
	{ input, limit, cleanup = false }: RunOptions = {},
): Promise<Ran> {
	const child = cleanup
		? guard(spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] }))
		: start(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
	const [stdin, stdout, stderr] = child.stdio as unknown as [Writable, Readable, Readable];
	stdin.on('error', () => {}); // The program can exit before it has read everything. Its exit code says if it failed.
	stdin.end(input);
	const { promise: late, reject } = Promise.withResolvers<never>();
	const giveUp = (): void => reject(stop.reason);
	if (!cleanup) stop.addEventListener('abort', giveUp);
	const timer = limit === undefined ? undefined : setTimeout(() => reject(child), limit);
	try {
		const ended = Promise.all([endOf(child, program), text(stdout), text(stderr)]);
		// A program that was killed can leave another one behind, such as kubectl's for credentials, with its output open.
		const [code, said, errors] = await Promise.race([ended, late]);
		return { code, stdout: said, stderr: errors };
	} catch (error) {
		if (error !== child) throw error;
		child.kill('SIGKILL');
		return { code: 124, stdout: '', stderr: `no answer within ${(limit ?? 0) / 1000} s` };
	} finally {
		clearTimeout(timer);
		stop.removeEventListener('abort', giveUp);
	}
}

/** Runs a program that has to succeed. @throws {Failure} with its last 15 lines of output, when it fails */
export async function perform([program, ...args]: Command): Promise<void> {
	const { code, stdout, stderr } = await run(program, args);
	if (code === 0) return;
	const said = (stdout + stderr).trim().split('\n').slice(-15).join('\n');
	throw new Failure(
		'environment',
		`${[program, ...args].join(' ')} failed:\n${said}\nFix this and run the command again. It skips what is already done.`,
	);
}

/** Pipes one program's output into another, as in `docker save | ctr images import -`. */
export async function runInto(from: Command, into: Command): Promise<Ran> {
	const source = start(from[0], from.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
	const sink = start(into[0], into.slice(1), { stdio: ['pipe', 'ignore', 'pipe'] });
	let stderr = '';
	for (const child of [source, sink])
		child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
	// The program that ended early reports why on stderr.
	const piped = pipeline(source.stdout as Readable, sink.stdin as Writable).catch(() => {});
	const codes = await Promise.all([endOf(source, from[0]), endOf(sink, into[0]), piped]);
	return { code: codes[0] || codes[1], stdout: '', stderr };
}

/** Returns the exit code. @throws {Failure} when the program is missing */
const endOf = (child: ChildProcess, program: string): Promise<number> =>
	new Promise((resolve, reject) => {
		child.once('error', (cause: NodeJS.ErrnoException) => reject(missing(program, cause)));
		child.once('close', (code) => resolve(code ?? 1));
	});

function missing(program: string, cause: NodeJS.ErrnoException): Error {
	if (cause.code !== 'ENOENT') return cause;
	const where = origin[program] ? ` Install it: ${origin[program]}` : '';
	return new Failure('environment', `The program "${program}" was not found.${where}`, { cause });
}

export const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
