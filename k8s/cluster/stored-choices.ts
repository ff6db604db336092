import { Failure } from '../kubectl/failure.ts';
import type { Kubectl, LiveObject } from '../kubectl/kubectl.ts';
import { type Choices, choicesIn, defaults, none, wanted } from '../manifests/choices.ts';

export type ChoiceOptions = { readonly [Name in keyof Choices]?: string | undefined };

export interface Chosen {
	readonly choices: Partial<Choices>;
	readonly before: Partial<Choices>;
	/** The choices taken over from the previous deployment, as command-line options. */
	readonly remembered: readonly string[];
}

/** Reads the choices stored in the namespace's annotations. */
export async function remembered(kubectl: Kubectl): Promise<Partial<Choices>> {
	const [found] = await kubectl.read<LiveObject>('namespace', kubectl.namespace);
	return choicesIn(found?.metadata.annotations);
}

/** Merges the given options with the choices of the previous deployment. @throws {Failure} when an option is invalid */
export async function choose(kubectl: Kubectl, options: ChoiceOptions): Promise<Chosen> {
	const before = await remembered(kubectl);
	const given = (Object.keys(wanted) as (keyof Choices)[]).filter((name) => options[name] !== undefined);
	for (const name of given) check(name, options[name] as string);
	const kept = Object.entries(before).filter(([name]) => !given.includes(name as keyof Choices));
	const added = given.filter((name) => options[name] !== none).map((name) => [name, options[name]]);
	const choices = Object.fromEntries([...kept, ...added]) as Partial<Choices>;
	const wants = (['ingress', 'tls'] as const).find((name) => choices[name] && choices[name] !== defaults[name]);
	if (wants && !choices.host)
		throw new Failure('usage', `--${wants} ${choices[wants]} needs a host too: --host shop.example.com`);
	if (choices.pooler && choices.database !== 'external')
		throw new Failure('usage', `--pooler ${choices.pooler} needs the database behind it: --database external`);
	return { choices, before, remembered: kept.map(([name, value]) => `--${name} ${value}`) };
}

function check(name: keyof Choices, value: string): void {
	const [text, pattern] = wanted[name];
	const optional = !(name in defaults);
	if (pattern.test(value) || (optional && value === none)) return;
	throw new Failure('usage', `--${name} ${value}: expected ${text}${optional ? `, or ${none} to undo it` : ''}.`);
}
