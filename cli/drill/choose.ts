import { Failure } from '../../k8s/kubectl/failure.ts';
import { handledBy, handlersOf, type Story } from './story.ts';

/** In an outage the function fails to handle every event. */
export type Kind = 'outage' | 'latency' | 'failures' | 'poison' | 'broker';

export interface KindOptions {
	readonly milliseconds?: number;
	readonly percent?: number;
}

/** A drill of a function, as the command line describes it. */
export interface Chosen {
	readonly kind: Kind;
	readonly fn: string;
	/** The input of the function's drill. A drill of the Broker breaks a function too, whose events the Broker then holds. */
	readonly input: Readonly<Record<string, unknown>>;
	/** The step that begins it, in words. */
	readonly begun: string;
}

/** @throws {Failure} 2 when the function handles no events of an order */
export function choose(
	kind: Kind,
	fn: string | undefined,
	{ milliseconds, percent }: KindOptions,
	story: Story,
): Chosen {
	const able = handlersOf(story);
	const chosen = fn ?? able[0] ?? '';
	if (!able.includes(chosen))
		throw new Failure(
			'usage',
			`Function "${chosen}" handles no events of an order. Expected one of: ${able.join(', ')}.`,
		);
	const type = handledBy(story, chosen);
	const { input, begun } = {
		outage: { input: { kind }, begun: `${chosen} broken on purpose` },
		latency: { input: { kind, milliseconds }, begun: `${chosen} slowed down by ${milliseconds} ms per event` },
		failures: { input: { kind, percent }, begun: `${percent} % of the attempts of ${chosen} failing` },
		poison: { input: { kind, type }, begun: `next ${type} poisoned for ${chosen}` },
		broker: { input: { kind: 'outage' }, begun: `${chosen} broken on purpose, so that the Broker holds its events` },
	}[kind];
	return { kind, fn: chosen, input, begun };
}
