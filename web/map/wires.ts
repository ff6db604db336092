import type { FunctionShape } from '../../functions/info/api.ts';

/** The keys of the map's lines. */
export const emits = (name: string, type: string): string => `emits ${name} ${type}`;
export const lane = (type: string): string => `lane ${type}`;
export const reacts = (trigger: string): string => `reacts ${trigger}`;
export const calls = (from: string, to: string): string => `calls ${from} ${to}`;
export const wakes = (name: string): string => `wakes ${name}`;
export const deadLetters = (name: string): string => `dead letters ${name}`;

/** Returns every event type that a function emits or reacts to, without duplicates, emitted types first. */
export const typesOf = (shapes: readonly FunctionShape[]): string[] => [
	...new Set([
		...shapes.flatMap((shape) => shape.emits),
		...shapes.flatMap((shape) => shape.reacts.map(({ type }) => type)),
	]),
];

export const emittersOf = (shapes: readonly FunctionShape[], type: string): FunctionShape[] =>
	shapes.filter((shape) => shape.emits.includes(type));

export const reactorsOf = (shapes: readonly FunctionShape[], type: string): FunctionShape[] =>
	shapes.filter((shape) => shape.reacts.some((reaction) => reaction.type === type));

/** Returns what to highlight for a function or an event type: itself, its neighbours, and the lines between them. */
export function around(shapes: readonly FunctionShape[], chosen: string): ReadonlySet<string> {
	const found = new Set([chosen]);
	const add = (...parts: readonly string[]): void => {
		for (const part of parts) found.add(part);
	};
	for (const shape of shapes) {
		for (const callee of shape.calls)
			if ([shape.name, callee].includes(chosen)) add(shape.name, callee, calls(shape.name, callee));
		if (shape.name !== chosen) continue;
		add(wakes(chosen), deadLetters(chosen));
		for (const { services } of shape.wakes) for (const service of services) add(service.replace(/-events$/, ''));
	}
	for (const type of typesOf(shapes)) {
		const [emitters, reactors] = [emittersOf(shapes, type), reactorsOf(shapes, type)];
		const isEmitter = emitters.some(({ name }) => name === chosen);
		const isReactor = reactors.some(({ name }) => name === chosen);
		if (type !== chosen && !isEmitter && !isReactor) continue;
		add(type, lane(type));
		// Two emitters of the same type are not neighbours.
		for (const { name } of emitters) if (name === chosen || isReactor || type === chosen) add(name, emits(name, type));
		for (const { name, reacts: reactions } of reactors)
			if (name === chosen || isEmitter || type === chosen)
				add(name, ...reactions.filter((each) => each.type === type).map(({ trigger }) => reacts(trigger)));
	}
	return found;
}
