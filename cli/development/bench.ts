import { parseArgs } from 'node:util';
import { measure, names } from '../../bench/main.ts';

/** Implements `npm run bench`. Returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
	const { values } = parseArgs({ args: [...args], options: { only: { type: 'string', multiple: true, default: [] } } });
	const unknown = values.only.find((name) => !names.includes(name));
	if (unknown !== undefined) {
		process.stderr.write(`--only ${unknown}: expected one of ${names.join(', ')}\n`);
		return 2;
	}
	await measure(values.only);
	return 0;
}
