import { globSync } from 'node:fs';
import { join } from 'node:path';
import { attributeOf, type EventType } from '../../eventing/catalog/catalog.ts';
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
	/** The types of the events of an order that is completed. */
	readonly events: readonly EventType[];
	/** Returns what to order `copies` times, or a text that says why that is not possible. */
	findBook(ask: Ask, copies: number, stop: AbortSignal): Promise<number | string>;
	place(ask: Ask, book: number, count: number, stop: AbortSignal): Promise<Placed[]>;
	progressOf(ask: Ask, id: number, stop: AbortSignal): Promise<Progress>;
	isSettled(progress: Progress): boolean;
}

const file = (): string | undefined => globSync('functions/*/drill.ts', { cwd: root })[0];

/** The functions with which there can be a drill. */
export const drillable = async (): Promise<string[]> => (file() ? handlersOf(await loadStory()) : []);

/** @throws {Failure} 2 when no function of the shop has a `drill.ts` */
export async function loadStory(): Promise<Story> {
	const found = file();
	if (!found) throw new Failure('usage', 'No function has a drill.ts, which says what a drill orders.');
	return await import(join(root, found));
}

/** The functions that handle an event of an order. */
export const handlersOf = ({ events }: Story): string[] =>
	functions
		.filter(({ reacts }) => reacts.some((type) => events.includes(type)))
		.map(({ name }) => name)
		.sort();

/** The type of an order's event that a function handles, as events carry it. */
export function handledBy({ events }: Story, fn: string): string {
	const { reacts } = functions.find(({ name }) => name === fn) as (typeof functions)[number];
	return attributeOf(events.find((type) => reacts.includes(type)) as EventType);
}
