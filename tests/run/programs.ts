import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';

/** A program that only some tests need. Without it `npm test` skips them and says so; in CI they fail. */
interface Program {
	readonly name: string;
	/** The Debian package that contains it. */
	readonly from: string;
	/** The file with the tests that need it. */
	readonly tests: string;
	/** Describes what these tests test. */
	readonly tested: string;
}

const programs: readonly Program[] = [
	{
		name: 'promtool',
		from: 'prometheus',
		tests: 'k8s/monitoring/rules/promtool.test.ts',
		tested: 'The alert rules were',
	},
	{
		name: 'pgbouncer',
		from: 'pgbouncer',
		tests: 'kit/data/pooler/pooler.test.ts',
		tested: 'The shop behind a pooler was',
	},
];

/** The search path with the folder of servers, which Debian leaves out for users other than root. */
export const pathWithSystem = [process.env['PATH'], '/usr/sbin'].join(delimiter);

/** Returns the programs that are not installed. */
export const missingPrograms = (): Program[] =>
	programs.filter(
		({ name }) => spawnSync(name, ['--version'], { env: { ...process.env, PATH: pathWithSystem } }).status !== 0,
	);
