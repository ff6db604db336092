import { Failure } from '../../k8s/kubectl/failure.ts';
import { kinds } from './kinds.ts';
import { handledBy, handlersOf, type Story } from './story.ts';

export interface KindOptions {
	readonly milliseconds?: number | undefined;
	readonly percent?: number | undefined;
}

/** A drill of a function, as the command line describes it. */
export interface Chosen {
	readonly kind: 'outage' | (typeof kinds)[number];
	readonly fn: string;
	/** The input of the function's drill. A drill of the Broker breaks a function too, whose events the Broker then holds. */
	readonly input: Readonly<Record<string, unknown>>;
	/** The step that begins it, in words. */
	readonly begun: string;
}

/**
 * Reads the words of the command: a kind, a function, or both; by default an outage of the first function.
 * @throws {Failure} 2 when they do not fit together
 */
export function choose(what: string | undefined, fn: string | undefined, options: KindOptions, story: Story): Chosen {
	const able = handlersOf(story);
	const named = kinds.find((each) => each === what);
	const kind = named ?? 'outage';
	const chosen = (named ? fn : what) ?? able[0] ?? '';
	if (!named && fn !== undefined)
		throw new Failure('usage', `"${what}" before "${fn}": expected one of ${kinds.join(', ')}, or only a function.`);
	if (!able.includes(chosen))
		throw new Failure(
			'usage',
			`Function "${chosen}" handles no events of an order. Expected one of: ${able.join(', ')}; or a kind: ${kinds.join(', ')}.`,
		);
	for (const [option, its] of [
		['milliseconds', 'latency'],
		['percent', 'failures'],
	] as const)
		if (options[option] !== undefined && kind !== its)
			throw new Failure(
				'usage',
				`--${option}: expected only with "${its}", such as: npx bodega drill ${its} ${chosen}`,
			);
	const { milliseconds = 1000, percent = 50 } = options;
	const type = handledBy(story, chosen);
	const { input, begun } = {
		outage: { input: { kind: 'outage' }, begun: `${chosen} broken on purpose` },
		latency: { input: { kind, milliseconds }, begun: `${chosen} slowed down by ${milliseconds} ms per event` },
		failures: { input: { kind, percent }, begun: `${percent} % of the attempts of ${chosen} failing` },
		poison: { input: { kind, type }, begun: `next ${type} poisoned for ${chosen}` },
		broker: { input: { kind: 'outage' }, begun: `${chosen} broken on purpose, so that the Broker holds its events` },
	}[kind];
	return { kind, fn: chosen, input, begun };
}
