import * as z from 'zod';
import { Problem } from '../http/problem.ts';
import { notJson } from '../net/body.ts';

/**
 * JSON numbers with all their digits. RFC 8259, 6 allows a number of any precision and lets the reader round it;
 * `JSON.parse` rounds to a double. The functions of this module read and write every digit.
 */
declare global {
	// ECMAScript's "JSON.parse source text access", which TypeScript's library does not declare yet.
	interface JSON {
		parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
		rawJSON(text: string): unknown;
	}
}

/** The grammar of a JSON number (RFC 8259, 6), as a regular expression. */
export const grammar = '-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?';
const numeral = new RegExp(`^${grammar}$`);

/** Returns a number from a query, where `+` means a space: `1e+308` arrives as `1e 308`. */
export const numeralOf = (text: string): string => text.replace(/e /i, 'e+');

/**
 * Returns why a text is not a finite number, in words for the client, or undefined if it is one: it is malformed, or
 * exceeds the range of a double, which most readers of JSON cannot handle.
 */
export function faultOf(text: string): string | undefined {
	if (!numeral.test(text))
		return `expected a number like "-12.5" or "6.02e23", found "${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
	if (!Number.isFinite(Number(text))) return `expected a number from ${-Number.MAX_VALUE} to ${Number.MAX_VALUE}`;
	return undefined;
}

/** Parses JSON, with its numbers as text: `{"a": 0.10}` becomes `{ a: '0.10' }`. @throws {Problem} 400 */
export function readNumerals(text: string): unknown {
	try {
		return JSON.parse(text, (_key, value, { source }) => (typeof value === 'number' ? source : value));
	} catch (cause) {
		// JSON.parse calls a reviver recursively, so deep nesting overflows the stack.
		if (cause instanceof RangeError)
			throw new Problem(400, 'The body is nested too deeply; send numbers, or a list of them.');
		throw notJson(cause);
	}
}

/** Returns a number that is serialized with all the digits of its text. It must not be used in arithmetic. */
export const numberAsWritten = (text: string): number => JSON.rawJSON(text) as number;

/** A whole number in a path or a query. It has decimal digits only: `0x1`, `1e3`, `1.0`, `+1`, ` 1` and `01` are none. */
export function integer(least: number, most: number) {
	const error = `expected a whole number from ${least} to ${most}, in digits`;
	return z.preprocess(
		(text) => (/^(0|[1-9][0-9]*)$/.test(String(text)) ? Number(text) : Number.NaN),
		z.int(error).min(least, error).max(most, error),
	);
}

/** The JSON Schema of a number in the range of a double. */
export const double = { type: 'number', minimum: -Number.MAX_VALUE, maximum: Number.MAX_VALUE } as const;

/** A number in a query, rounded to the nearest double. */
export const decimal = () =>
	z
		.preprocess((text) => {
			const written = numeralOf(String(text));
			return faultOf(written) ? Number.NaN : Number(written);
		}, z.number('expected a number, like 1.5'))
		.meta(double);
