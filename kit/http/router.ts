import type { Contract, Operation } from '../declare/contract.ts';
import { Problem } from './problem.ts';

export interface Match {
	readonly name: string;
	readonly operation: Operation;
	readonly params: Readonly<Record<string, string>>;
}

export class Router {
	readonly #base: string;
	/** Every operation, below the contract's base and below each alias. */
	readonly #patterns: readonly { readonly name: string; readonly operation: Operation; readonly segments: string[] }[];

	constructor({ base, operations }: Contract, aliases: readonly string[] = []) {
		this.#base = base;
		this.#patterns = [base, ...aliases].flatMap((prefix) =>
			Object.entries(operations).map(([name, operation]) => ({
				name,
				operation,
				segments: segmentsOf(`${prefix}${operation.path}`),
			})),
		);
	}

	/**
	 * Returns the operations of the resource at a path, for all methods; it ignores a trailing slash. A fixed segment takes
	 * precedence over a parameter: `/replay` is not an `/:id`.
	 * @throws {Problem} 400, 404
	 */
	at(path: string): Match[] {
		const given = segmentsOf(path);
		const found: Match[] = [];
		for (const { name, operation, segments } of this.#patterns) {
			const params = match(segments, given);
			if (params) found.push({ name, operation, params });
		}
		if (!found.length)
			throw new Problem(404, `There is nothing at ${path}. This function answers below ${this.#base}.`);
		const fewest = Math.min(...found.map(({ params }) => Object.keys(params).length));
		return found.filter(({ params }) => Object.keys(params).length === fewest);
	}

	/** Returns the operation of a method at a path. @throws {Problem} 400, 404, or 405 with `Allow` */
	find(method: string, path: string): Match {
		const there = this.at(path);
		const wanted = method === 'HEAD' ? 'GET' : method;
		const found = there.find(({ operation }) => operation.method === wanted);
		if (found) return found;
		const allow = allowed(there);
		throw new Problem(405, `${method} is not allowed at ${path}; allowed: ${allow}.`, { headers: { allow } });
	}
}

/** Returns the `Allow` header of a path (RFC 9110, 10.2.1). */
export function allowed(matches: readonly Match[]): string {
	const methods = matches.map(({ operation }) => operation.method);
	return [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].join(', ');
}

const segmentsOf = (path: string): string[] => path.split('/').filter(Boolean);

function match(wanted: readonly string[], given: readonly string[]): Record<string, string> | undefined {
	if (wanted.length !== given.length) return undefined;
	if (wanted.some((segment, index) => !segment.startsWith(':') && segment !== given[index])) return undefined;
	const params: Record<string, string> = {};
	for (const [index, segment] of wanted.entries())
		if (segment.startsWith(':')) params[segment.slice(1)] = decoded(given[index] as string, 'path');
	return params;
}

/** Decodes a part of a URL. @throws {Problem} 400 when it is not percent-encoded UTF-8 (RFC 3986, 2.1) */
export function decoded(text: string, part: 'path' | 'query'): string {
	try {
		return decodeURIComponent(text);
	} catch {
		throw new Problem(400, `The part "${text}" of the ${part} is not percent-encoded UTF-8.`);
	}
}
