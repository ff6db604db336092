import { shop } from '../../shop.ts';
import { domain, lacking, parts } from '../cluster/knative.ts';
import { exists, type ProviderName, providerOf } from '../cluster/provider.ts';
import { Kubectl } from '../kubectl/kubectl.ts';
import { step } from '../kubectl/progress.ts';
import { type Command, perform } from '../kubectl/run.ts';
import { type DeployOptions, deploy } from './deploy.ts';

/**
 * Creates a cluster, installs Knative on it and deploys the shop. Skips the steps that are done already, so it can be
 * interrupted and repeated.
 * @param on the provider that creates the cluster; `current` uses the cluster of kubectl's current context
 * @throws {Failure} with the step that failed, its cause, and what to do next
 */
export async function create({ on, ...options }: DeployOptions & { on: ProviderName | 'current' }): Promise<void> {
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
		if (commands.length) await doWork({ name: 'domain for routes', commands });
	}
	if (!dryRun || !(works.length || missing.length)) return deploy(options);
	const where = options.namespace ? ` -n ${options.namespace}` : '';
	process.stdout.write(`# deployment\nnpx bodega deploy${where}\n`);
}

interface Work {
	readonly name: string;
	readonly commands: readonly Command[];
}

/** Returns the step that creates the cluster, or starts the existing one, and makes it kubectl's current context. */
async function raising(on: ProviderName): Promise<Work[]> {
	const provider = providerOf(on);
	const isThere = await step(`look for ${on} cluster`, () => exists(provider));
	const commands: Command[] = [
		isThere ? provider.start : provider.create,
		['kubectl', 'config', 'use-context', provider.context],
	];
	return [{ name: `${on} cluster ${isThere ? 'started' : 'created'}`, commands }];
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
