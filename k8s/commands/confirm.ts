import { createInterface } from 'node:readline/promises';
import { Failure } from '../kubectl/failure.ts';

/** Asks the user to confirm an irreversible action, unless `yes`. @throws {Failure} when the user does not confirm */
export async function confirm(yes: boolean | undefined, question: string, refused: string): Promise<void> {
	if (yes) return;
	if (!process.stdin.isTTY) throw new Failure('usage', `${question} Confirm it with --yes.`);
	const prompt = createInterface({ input: process.stdin, output: process.stderr });
	const answer = await prompt.question(`${question} (y/N) `);
	prompt.close();
	if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('usage', refused);
}
