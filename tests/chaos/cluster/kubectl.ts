import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

/** Runs kubectl in a namespace. @throws {Error} with its output, when it fails */
export async function kubectl(namespace: string, ...args: string[]): Promise<string> {
	const { stdout } = await promisify(execFile)('kubectl', ['-n', namespace, ...args], {
		maxBuffer: 64_000_000,
		timeout: 60_000,
	});
	return stdout;
}

/** Returns the objects that a `kubectl get` finds. */
export async function list<Found>(namespace: string, ...args: string[]): Promise<Found[]> {
	return (JSON.parse(await kubectl(namespace, 'get', ...args, '-o', 'json')) as { items: Found[] }).items;
}

/** Creates or replaces an object. */
export async function apply(namespace: string, object: unknown): Promise<void> {
	const child = spawn('kubectl', ['-n', namespace, 'apply', '-f', '-'], { stdio: ['pipe', 'ignore', 'pipe'] });
	let said = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
	child.stdin.end(JSON.stringify(object));
	const [code] = (await once(child, 'exit')) as [number | null];
	if (code !== 0) throw new Error(`kubectl apply failed: ${said}`);
}

export interface Pod {
	readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
	readonly status: { readonly containerStatuses?: readonly { readonly restartCount: number; readonly name: string }[] };
}
