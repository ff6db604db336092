import { Problem } from './problem.ts';

/**
 * Numbers as they are written. RFC 8259, 6 lets a number have any precision and leaves it to the reader how much of it to
 * keep; `JSON.parse` keeps a double. Here is what takes and gives them to the last digit.
 */
declare global {
	// ECMAScript's "JSON.parse source text access", which Node has and TypeScript's library does not yet.
	interface JSON {
		parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
		rawJSON(text: string): unknown;
	}
}

/** The grammar of JSON (RFC 8259, 6). */
const numeral = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i;

const most = Number.MAX_VALUE;

/** A number out of a query, where `+` stands for a space: `1e+308` comes as `1e 308`. */
export const numeralOf = (text: string): string => text.trim().replace(/e /i, 'e+');

/**
 * What keeps a text from being a finite number, in words for the caller: how it is written, or that it is beyond what a
 * double reaches, which is as far as most readers of JSON can follow.
 */
export function faultOf(text: string): string | undefined {
	if (!numeral.test(text))
		return `expected a number like "-12.5" or "6.02e23", found "${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
	if (!Number.isFinite(Number(text))) return `expected a number from ${-most} to ${most}`;
	return undefined;
}

/** A JSON body whose numbers are the texts they were written in: `{"a": 0.10}` is `{ a: '0.10' }`. @throws {Problem} 400, 415 */
export function readNumerals(body: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder().decode(body), (_key, value, { source }) =>
			typeof value === 'number' ? source : value,
		);
	} catch (cause) {
		// A reviver is called from the inside out, by recursion.
		if (cause instanceof RangeError)
			throw new Problem(400, 'The body is nested too deep; send numbers, or a list of them.');
		// It has been read as JSON once, in the encoding that it states.
		throw new Problem(415, 'The body is JSON, but not in UTF-8; send it in UTF-8 (RFC 8259, 8.1).', { cause });
	}
}

/** A number that an answer carries with all the digits of its text. It is to be sent and not to be reckoned with. */
export const numberAsWritten = (text: string): number => JSON.rawJSON(text) as number;
