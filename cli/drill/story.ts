import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { EventType } from '../../eventing/catalog/catalog.ts';
import { functions } from '../../functions/index.ts';
import { Failure } from '../../k8s/kubectl/failure.ts';
import { root } from '../commands/options.ts';
import type { Shop } from '../place/shop.ts';

/** An order that was placed during a drill. All events that follow from it carry its trace, of 32 hex digits. */
export interface Placed {
	readonly id: number;
	readonly trace: string;
}

export interface Progress {
	readonly status: 'pending' | 'completed' | 'rejected';
	readonly invoices: number;
}

type Ask = Shop['ask'];

/** The exports of `drill.ts` in the folder of the function that takes orders. */
export interface Story {
	/** Returns what to order `copies` times, or a text that says why that is not possible. */
	findBook(ask: Ask, copies: number, stop: AbortSignal): Promise<number | string>;
	place(ask: Ask, book: number, count: number, stop: AbortSignal): Promise<Placed[]>;
	progressOf(ask: Ask, id: number, stop: AbortSignal): Promise<Progress>;
	isSettled(progress: Progress): boolean;
}

const file = (): string | undefined => globSync('functions/*/drill.ts', { cwd: root })[0];

/** @throws {Failure} 2 when no function of the shop has a `drill.ts` */
export async function loadStory(): Promise<Story> {
	const found = file();
	if (!found) throw new Failure('usage', 'No function has a drill.ts, which says what a drill orders.');
	return await import(join(root, found));
}

/** The functions that handle an event of an order, or an event that follows from it. */
export function onTheWay(): string[] {
	const first = basename(dirname(file() ?? ''));
	const types = new Set<EventType>(functions.find(({ name }) => name === first)?.emits);
	const found = new Set<string>();
	// The loop also visits the types that it adds.
	for (const type of types)
		for (const { name, reacts, emits } of functions)
			if (reacts.includes(type)) {
				found.add(name);
				for (const next of emits) types.add(next);
			}
	return [...found].sort();
}
