import type pg from 'pg';
import { isOwn } from './pooler.ts';

/** The most statements that have names. A connection keeps each, and a function has few, but the data viewer builds many. */
const most = 200;
const names = new Map<string, string>();

/**
 * Gives a statement with parameters a name, so that each connection parses and plans its text once ("PREPARE" in Postgres'
 * documentation). Returns the arguments for the driver's `query`. Behind a pooler no statement has one, because the next can be
 * in another process, which does not know the name, or knows it for another text.
 */
export function prepared(client: pg.ClientBase, args: readonly unknown[]): readonly unknown[] {
	const [text, values] = args;
	if (typeof text !== 'string' || !Array.isArray(values) || !isOwn(client)) return args;
	let name = names.get(text);
	if (name === undefined) {
		if (names.size >= most) return args;
		name = `s${names.size}`;
		names.set(text, name);
	}
	return [{ name, text, values }];
}
