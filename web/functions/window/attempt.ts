import type { CodeOperation } from '../../../functions/info/api.ts';
import { pathOf } from '../../../kit/declare/path.ts';
import { Lost, Problem, TooSlow } from '../../api/problem.ts';
import { randomHex } from '../../api/send.ts';
import { signed } from '../../api/session.ts';

/** The response to an operation, as it came. */
export interface Attempt {
	readonly status: number;
	/** In milliseconds, until the whole body was there. */
	readonly took: number;
	readonly headers: readonly (readonly [name: string, value: string])[];
	/** The first characters of the body; JSON is indented. */
	readonly body: string;
	readonly isCut: boolean;
	readonly trace: string;
}

type Tried = Omit<CodeOperation, 'access'>;

/** What a visitor has typed: parameters by place and name (`query.limit`), and the body. Empty parameters are not sent. */
export interface Typed {
	readonly parameters: Readonly<Record<string, string>>;
	readonly body: string;
}

/** Milliseconds for an answer, and the most characters of a body that the page shows. */
const patience = 30_000;
const most = 50_000;

export const keyOf = ({ in: place, name }: CodeOperation['parameters'][number]): string => `${place}.${name}`;

/** Returns the values that an operation is tried with at first: examples of what it requires. */
export const examplesOf = ({ parameters, body }: Tried): Typed => ({
	parameters: Object.fromEntries(
		parameters.map((parameter) => [keyOf(parameter), parameter.required ? exampleOf(parameter) : '']),
	),
	body: body === null ? '' : JSON.stringify(body, undefined, 2),
});

export const exampleOf = ({ example }: CodeOperation['parameters'][number]): string =>
	example === null ? '' : typeof example === 'string' ? example : JSON.stringify(example);

/** Returns the path and query of a request, and its own headers. */
export function requestOf({ path, parameters }: Pick<CodeOperation, 'path' | 'parameters'>, typed: Typed) {
	const of = (place: 'path' | 'query' | 'header'): Record<string, string> =>
		Object.fromEntries(
			parameters.flatMap((parameter) => {
				const value = typed.parameters[keyOf(parameter)] ?? '';
				return parameter.in === place && (value || place === 'path') ? [[parameter.name, value]] : [];
			}),
		);
	const template = path.replace(/\{(\w+)\}/g, ':$1');
	return { path: pathOf(template, { params: of('path'), query: of('query') }), headers: of('header') };
}

/**
 * Sends a request as the signed-in visitor, or without a session. Any status is a result.
 * @throws {Lost | TooSlow} when there is no response, or a Problem when the session has ended meanwhile
 */
export async function attempt(operation: Tried, typed: Typed): Promise<Attempt> {
	const { path, headers } = requestOf(operation, typed);
	const { method } = operation;
	let last: Attempt | undefined;
	const once = async (authorization: Readonly<Record<string, string>>): Promise<Attempt> => {
		const trace = randomHex(16);
		const start = performance.now();
		const timeout = AbortSignal.timeout(patience);
		try {
			const response = await fetch(path, {
				method,
				cache: 'no-store',
				headers: {
					accept: 'application/json',
					traceparent: `00-${trace}-${randomHex(8)}-01`,
					...(operation.body === null ? {} : { 'content-type': 'application/json' }),
					...authorization,
					...headers,
				},
				...(operation.body === null ? {} : { body: typed.body }),
				signal: timeout,
			});
			const text = readable(await response.text());
			const took = performance.now() - start;
			const told = [...response.headers].map(([name, value]) => [name, value] as const);
			last = {
				...{ status: response.status, took, headers: told, trace },
				...{ body: text.slice(0, most), isCut: text.length > most },
			};
		} catch (cause) {
			if (timeout.aborted) throw new TooSlow(`no response within ${patience / 1000} s`, { cause });
			throw new Lost('the shop cannot be reached', { cause });
		}
		// Makes `signed` renew an expired access token.
		if (last.status === 401) throw new Problem(401, 'The access token has expired.');
		return last;
	};
	try {
		return await signed(method, once);
	} catch (error) {
		if (last?.status === 401 && error instanceof Problem) return last;
		throw error;
	}
}

function readable(text: string): string {
	try {
		return JSON.stringify(JSON.parse(text), undefined, 2);
	} catch {
		return text;
	}
}
