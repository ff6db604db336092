import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Failure } from '../k8s/kubectl/failure.ts';

/** Asks for a password on the terminal, and does not show it. @throws {Failure} when there is no terminal to ask on */
export async function askPassword(question: string, stop: AbortSignal): Promise<string> {
	if (!process.stdin.isTTY)
		throw new Failure(
			'usage',
			'The admin’s password is needed, and there is no terminal to ask for it. Set it in the environment: ADMIN_PASSWORD=… npx bodega drill',
		);
	// As a terminal it reads key by key, and what it would show of them goes nowhere.
	const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
	const prompt = createInterface({ input: process.stdin, output: nowhere, terminal: true });
	// Only now are keys no longer shown; and Ctrl-C is one of many.
	process.stderr.write(question);
	prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
	try {
		return await prompt.question('', { signal: stop });
	} finally {
		prompt.close();
		process.stderr.write('\n');
	}
}
