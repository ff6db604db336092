import { Failure } from '../kubectl/failure.ts';
import type { Kubectl } from '../kubectl/kubectl.ts';
import { type Choices, choicesIn, defaults, none, wanted } from '../manifests/choices.ts';

/** The choices as they are given on the command line. */
export type ChoiceOptions = { readonly [Name in keyof Choices]?: string | undefined };

/** What is chosen for a deployment. */
export interface Chosen {
	readonly choices: Partial<Choices>;
	/** What was chosen for the one before. */
	readonly before: Partial<Choices>;
	/** What is so because it was chosen before, as options. */
	readonly remembered: readonly string[];
}

/** The choices that the namespace remembers. */
export async function remembered(kubectl: Kubectl): Promise<Partial<Choices>> {
	const [found] = await kubectl.read<{ metadata: { annotations?: Record<string, string> } }>(
		'namespace',
		kubectl.namespace,
	);
	return choicesIn(found?.metadata.annotations);
}

/** What is given, and besides what was chosen before. @throws {Failure} when it makes no sense */
export async function choose(kubectl: Kubectl, options: ChoiceOptions): Promise<Chosen> {
	const before = await remembered(kubectl);
	const given = (Object.keys(wanted) as (keyof Choices)[]).filter((name) => options[name] !== undefined);
	for (const name of given) check(name, options[name] as string);
	const kept = Object.entries(before).filter(([name]) => !given.includes(name as keyof Choices));
	const added = given.filter((name) => options[name] !== none).map((name) => [name, options[name]]);
	const choices = Object.fromEntries([...kept, ...added]) as Partial<Choices>;
	const wants = (['ingress', 'tls'] as const).find((name) => choices[name] && choices[name] !== defaults[name]);
	if (wants && !choices.host)
		throw new Failure('usage', `--${wants} ${choices[wants]} is of use with a host alone: --host shop.example.com`);
	return { choices, before, remembered: kept.map(([name, value]) => `--${name} ${value}`) };
}

function check(name: keyof Choices, value: string): void {
	const [text, pattern] = wanted[name];
	const optional = !(name in defaults);
	if (pattern.test(value) || (optional && value === none)) return;
	throw new Failure(
		'usage',
		`--${name} ${value} is not known; wanted is ${text}${optional ? `, or ${none} to undo it` : ''}.`,
	);
}
