import { shop } from '../../shop.ts';
import { domain, lacking, parts } from '../cluster/knative.ts';
import { exists, type ProviderName, providerOf } from '../cluster/provider.ts';
import { Kubectl } from '../kubectl/kubectl.ts';
import { step } from '../kubectl/progress.ts';
import { type Command, perform } from '../kubectl/run.ts';
import { type DeployOptions, deploy } from './deploy.ts';

export interface CreateOptions extends DeployOptions {
	/** What makes the cluster; `current` takes the one of kubectl's current context. */
	readonly on: ProviderName | 'current';
}

/**
 * From nothing to a shop: a cluster of its own, Knative on it, and a deployment. What is there already is kept, so it may be
 * interrupted and repeated.
 * @throws {Failure} with the step that failed, its cause, and what to do next
 */
export async function create({ on, ...options }: CreateOptions): Promise<void> {
	const { namespace = shop.namespace, dryRun } = options;
	const works = on === 'current' ? [] : await raising(on);
	if (dryRun) works.forEach(tell);
	else for (const work of works) await doWork(work);

	const kubectl = new Kubectl(namespace);
	const missing = dryRun && on !== 'current' ? parts : await lacking(kubectl);
	if (dryRun) missing.forEach(tell);
	else for (const part of missing) await doWork(part);

	if (!dryRun) {
		const commands = await domain(kubectl);
		if (commands.length) await doWork({ name: 'a domain for its routes', commands });
	}
	if (!dryRun || !(works.length || missing.length)) return deploy(options);
	process.stdout.write('# deployment\nnpx bodega deploy\n');
}

/** Some commands that belong together. */
interface Work {
	readonly name: string;
	readonly commands: readonly Command[];
}

/** What makes a cluster, or starts the one that is there, and has kubectl speak to it from now on. */
async function raising(on: ProviderName): Promise<Work[]> {
	const provider = providerOf(on);
	const isThere = await step(`${on} looked for`, () => exists(provider));
	const commands: Command[] = [
		isThere ? provider.start : provider.create,
		['kubectl', 'config', 'use-context', provider.context],
	];
	return [{ name: `${on} cluster ${isThere ? 'started' : 'made'}`, commands }];
}

const doWork = ({ name, commands }: Work): Promise<void> =>
	step(name, async (detail) => {
		for (const command of commands) {
			detail(command.join(' ').slice(-60));
			await perform(command);
		}
	});

const quoted = (word: string): string => (/^[\w@%+=:,./*-]+$/.test(word) ? word : `'${word}'`);

function tell({ name, commands }: Work): void {
	process.stdout.write(`# ${name}\n${commands.map((command) => command.map(quoted).join(' ')).join('\n')}\n`);
}
