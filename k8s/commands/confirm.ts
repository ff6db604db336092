import { createInterface } from 'node:readline/promises';
import { Failure } from '../kubectl/failure.ts';
import { stop } from '../kubectl/interrupt.ts';

/** Asks the user to confirm an irreversible action, unless `yes`. @throws {Failure} when the user does not confirm */
export async function confirm(yes: boolean | undefined, question: string, refused: string): Promise<void> {
	if (yes) return;
	if (!process.stdin.isTTY) throw new Failure('usage', `${question} Confirm it with --yes.`);
	const prompt = createInterface({ input: process.stdin, output: process.stderr });
	// Ctrl-C arrives as a key here, so pass it on as a signal. Ctrl-D closes the prompt without an answer.
	prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
	const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
	const answer = await Promise.race([prompt.question(`${question} (y/N) `, { signal: stop }), closed]);
	prompt.close();
	if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('usage', refused);
}
