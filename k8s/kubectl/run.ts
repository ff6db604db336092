import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { guard } from '../../kit/process/guard.ts';
import { Failure } from './failure.ts';

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

/** Runs a program to its end. @throws {Failure} when the program is missing */
export async function run(program: string, args: readonly string[], input?: string): Promise<Ran> {
	const child = guard(spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] }));
	child.stdin.on('error', () => {}); // The program can exit before it has read everything. Its exit code says if it failed.
	child.stdin.end(input);
	const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), endOf(child, program)]);
	return { code, stdout, stderr };
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
	const source = guard(spawn(from[0], from.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] }));
	const sink = guard(spawn(into[0], into.slice(1), { stdio: ['pipe', 'ignore', 'pipe'] }));
	let stderr = '';
	for (const child of [source, sink]) child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
	const piped = pipeline(source.stdout, sink.stdin).catch(() => {}); // The program that ended early reports why on stderr.
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
