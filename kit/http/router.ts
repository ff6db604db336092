import type { Contract, Operation } from '../declare/contract.ts';
import { Problem } from './problem.ts';

export interface Match {
	readonly name: string;
	readonly operation: Operation;
	readonly params: Readonly<Record<string, string>>;
}

export class Router {
	readonly #contract: Contract;
	readonly #aliases: readonly string[];

	constructor(contract: Contract, aliases: readonly string[] = []) {
		this.#contract = contract;
		this.#aliases = aliases;
	}

	/**
	 * Returns the operations of the resource at a path, for all methods; it ignores a trailing slash. A fixed segment takes
	 * precedence over a parameter: `/replay` is not an `/:id`.
	 * @throws {Problem} 400, 404
	 */
	at(path: string): Match[] {
		const base = this.#aliases.find((alias) => `${path}/`.startsWith(`${alias}/`)) ?? this.#contract.base;
		const found = Object.entries(this.#contract.operations).flatMap(([name, operation]) => {
			const params = match(`${base}${operation.path}`, path);
			return params ? [{ name, operation, params }] : [];
		});
		if (!found.length)
			throw new Problem(404, `There is nothing at ${path}. This function answers below ${this.#contract.base}.`);
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

const segments = (path: string): string[] => path.split('/').filter(Boolean);

function match(pattern: string, path: string): Record<string, string> | undefined {
	const wanted = segments(pattern);
	const given = segments(path);
	if (wanted.length !== given.length) return undefined;
	const params: Record<string, string> = {};
	for (const [index, segment] of wanted.entries()) {
		const value = given[index] as string;
		if (segment.startsWith(':')) params[segment.slice(1)] = decoded(value, 'path');
		else if (segment !== value) return undefined;
	}
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
