import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Failure } from '../../k8s/kubectl/failure.ts';

/**
 * Asks for a password on the terminal without showing it.
 * @param instead what to do without a terminal
 * @throws {Failure} when there is no terminal
 */
export async function askPassword(question: string, stop: AbortSignal, instead: string): Promise<string> {
	if (!process.stdin.isTTY)
		throw new Failure(
			'usage',
			`This command needs the admin’s password, and there is no terminal to ask for it. ${instead}.`,
		);
	// Terminal mode reads key by key; the echo goes to a stream that discards it.
	const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
	const prompt = createInterface({ input: process.stdin, output: nowhere, terminal: true });
	// The prompt comes after the echo is off. Ctrl-C arrives as a key here, so pass it on as a signal.
	process.stderr.write(question);
	prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
	try {
		return await prompt.question('', { signal: stop });
	} finally {
		prompt.close();
		process.stderr.write('\n');
	}
}
