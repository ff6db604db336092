import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Failure } from './failure.ts';
import type { Kubectl } from './kubectl.ts';
import { start } from './run.ts';

/** Runs a command in a Pod, with local files as its input and output. @throws {Failure} with its error output */
async function exec(
	kubectl: Kubectl,
	pod: string,
	command: readonly string[],
	stdin: number | 'ignore',
	stdout: number,
): Promise<void> {
	const args = ['exec', ...(stdin === 'ignore' ? [] : ['-i']), pod, '-n', kubectl.namespace, '--', ...command];
	const child = start('kubectl', args, { stdio: [stdin, stdout, 'pipe'] });
	let said = '';
	child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
	const [code] = (await once(child, 'close')) as [number | null];
	if (code !== 0) throw await kubectl.failure(`kubectl ${args.join(' ')} failed`, said);
}

/** Returns the bytes of a file in a Pod, or NaN if it has no such file. */
export async function sizeInPod(kubectl: Kubectl, pod: string, file: string): Promise<number> {
	const { code, stdout } = await kubectl.attempt([
		'exec',
		pod,
		'-n',
		kubectl.namespace,
		'--',
		'stat',
		'-c',
		'%s',
		file,
	]);
	return code === 0 ? Number(stdout) : Number.NaN;
}

/** Copies a file out of a Pod. @throws {Failure} when the copy is incomplete: kubectl can cut off a long stream */
export async function fetchFile(kubectl: Kubectl, pod: string, from: string, to: string): Promise<void> {
	// Readable by this user only, because the file contains password hashes.
	const file = await open(to, 'wx', 0o600);
	try {
		await exec(kubectl, pod, ['cat', from], 'ignore', file.fd);
	} finally {
		await file.close();
	}
	await compare(kubectl, pod, from, to);
}

/** Copies a file into a Pod. @throws {Failure} when the copy is incomplete */
export async function sendFile(kubectl: Kubectl, pod: string, from: string, to: string): Promise<void> {
	const [file, none] = await Promise.all([open(from), open('/dev/null', 'w')]);
	try {
		await exec(kubectl, pod, ['sh', '-c', 'cat > "$0"', to], file.fd, none.fd);
	} finally {
		await Promise.all([file.close(), none.close()]);
	}
	await compare(kubectl, pod, to, from);
}

async function compare(kubectl: Kubectl, pod: string, there: string, here: string): Promise<void> {
	const hash = createHash('sha256');
	await pipeline(createReadStream(here), hash);
	const said = await kubectl.run(['exec', pod, '-n', kubectl.namespace, '--', 'sha256sum', there]);
	if (said.split(' ')[0] !== hash.digest('hex'))
		throw new Failure('unknown', `${here} differs from ${there} in the Pod ${pod}. Try again.`);
}
