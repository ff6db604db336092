import { randomUUID } from 'node:crypto';
import { openApi } from '../../build/reference/openapi.ts';
import { functions } from '../../functions/index.ts';
import type { JsonSchema } from '../arbitrary.ts';
import type { Described, Parameter } from '../described.ts';

const reference = openApi(functions, '1.0.0') as unknown as {
	readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
	readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
};

/** An operation, as the API reference describes it. */
export interface Operation {
	readonly id: string;
	readonly method: string;
	/** With parameters in braces. */
	readonly path: string;
	readonly described: Described;
}

/** Returns the operations of a function. */
export const operationsOf = (fn: string): Operation[] =>
	Object.entries(reference.paths).flatMap(([path, methods]) =>
		Object.entries(methods)
			.filter(([, { tags }]) => tags.includes(fn))
			.map(([method, described]) => ({ id: described.operationId, method: method.toUpperCase(), path, described })),
	);

/** What parameters can be that neither their schema nor the rows of a list show, by name. */
export type Hints = Readonly<Record<string, readonly string[]>>;

export interface Request {
	/** The operation, and the parameters that are given. It names the request of another shop that asks the same. */
	readonly name: string;
	/** How many parameters it gives beyond those that the operation needs. */
	readonly filters: number;
	readonly method: string;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: unknown;
}

type Send = (
	path: string,
	init: { method: string; headers: Record<string, string>; body?: string },
) => Promise<Response>;

/** Parameters with which an admin is free to ask about any column. Such a question has a limit of time instead of an index. */
const free = ['readTable query.sort', 'readTable query.filter'];

const resolved = (schema: JsonSchema): JsonSchema =>
	schema.$ref ? (reference.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema;

const listOf = (path: string): string => path.replace(/\/\{.*/, '');

/** Asks a shop everything that its contracts allow. It knows what the shop has shown: rows, cursors and access tokens. */
export class Client {
	readonly #send: Send;
	readonly #hints: Hints;
	/** The headers of each caller, by name. Signing in adds one. */
	readonly callers: Record<string, Readonly<Record<string, string>>>;
	/** The fields of a row of each list, by its path. */
	readonly #rows = new Map<string, Readonly<Record<string, unknown>>>();
	readonly #cursors = new Map<string, string>();

	constructor(send: Send, callers: Readonly<Record<string, Readonly<Record<string, string>>>>, hints: Hints) {
		this.#send = send;
		this.callers = { ...callers };
		this.#hints = hints;
	}

	/**
	 * Returns the requests to an operation: with nothing but what it needs, with each value of every other parameter, and with
	 * each pair of these. Reads the list that the operation belongs to, and a page far down in it.
	 */
	async requestsTo({ id, method, path, described }: Operation): Promise<Request[]> {
		const { parameters = [], requestBody } = described;
		await this.#look(listOf(path));
		const [body] = requestBody ? (resolved(requestBody.content['application/json'].schema).examples ?? []) : [];
		return this.#combinations(id, path, parameters).map((values) => {
			const query = new URLSearchParams();
			const headers: Record<string, string> = {};
			let filled = path;
			for (const [{ in: place, name }, value] of values)
				if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(value));
				else if (place === 'query') query.append(name, value);
				else headers[name] = value;
			const given = values
				.filter(([{ in: place }]) => place !== 'header')
				.map(([{ name }, value]) => (isOwn(name) ? name : `${name}=${value}`));
			return {
				name: [id, ...given].join(' '),
				filters: values.filter(([{ required, in: place }]) => !required && place === 'query').length,
				method,
				path: query.size ? `${filled}?${query}` : filled,
				headers,
				...(body === undefined ? {} : { body }),
			};
		});
	}

	/** Sends a request. @param caller the name of the caller */
	async send({ method, path, headers, body }: Request, caller: string): Promise<Response> {
		const answer = await this.#send(path, {
			method,
			headers: {
				...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
				...this.callers[caller],
				...headers,
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const isJson = answer.headers.get('content-type')?.startsWith('application/json');
		const content: unknown = isJson ? await answer.json() : await answer.body?.cancel();
		const next = /[?&]after=([^&>]+)/.exec(answer.headers.get('link') ?? '')?.[1];
		if (next !== undefined) this.#cursors.set(path.replace(/\?.*/, ''), decodeURIComponent(next));
		const [row] = [content].flat() as { access_token?: string }[];
		if (Array.isArray(content) && row)
			this.#rows.set(path.replace(/\?.*/, ''), row as Readonly<Record<string, unknown>>);
		if (row?.access_token)
			this.callers['signed in'] = {
				authorization: `Bearer ${row.access_token}`,
				cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '',
			};
		return answer;
	}

	async #look(list: string): Promise<void> {
		const limit = reference.paths[list]?.['get']?.parameters?.find(({ name }) => name === 'limit');
		const most = limit && resolved(limit.schema).maximum;
		for (const caller of Object.keys(this.callers))
			for (const query of most ? ['', `?limit=${most}`] : [''])
				if (reference.paths[list]?.['get'])
					await this.send({ name: list, filters: 0, method: 'GET', path: list + query, headers: {} }, caller);
	}

	#combinations(id: string, path: string, parameters: readonly Parameter[]): (readonly [Parameter, string])[][] {
		const options = parameters.map((parameter) => ({
			isNeeded: parameter.required === true,
			values: this.#valuesOf(id, path, parameter).map((value) => [parameter, value] as const),
		}));
		const bases = options
			.filter(({ isNeeded }) => isNeeded)
			.reduce<(readonly [Parameter, string])[][]>(
				(all, { values }) => all.flatMap((base) => values.map((value) => [...base, value])),
				[[]],
			);
		const others = options.filter(({ isNeeded }) => !isNeeded).map(({ values }) => values);
		const singles = others.flat().map((value) => [value]);
		const pairs = others.flatMap((values, index) =>
			values.flatMap((one) =>
				others
					.slice(index + 1)
					.flat()
					.map((other) => [one, other]),
			),
		);
		return bases.flatMap((base) => [[], ...singles, ...pairs].map((more) => [...base, ...more]));
	}

	#valuesOf(id: string, path: string, parameter: Parameter): readonly string[] {
		const { name, in: place, example } = parameter;
		if (name === 'idempotency-key') return [randomUUID()];
		const key = `${id} ${place}.${name}`;
		if (place === 'header' || name === 'limit' || free.includes(key)) return [];
		if (this.#hints[name]) return this.#hints[name];
		if (name === 'after') return [this.#cursors.get(path) ?? []].flat();
		const schema = resolved(parameter.schema);
		const item = resolved(schema.items ?? schema);
		if (item.enum) return item.enum.map(String);
		if (item.type === 'boolean') return ['true', 'false'];
		const known = this.#rows.get(listOf(path))?.[name] ?? example ?? schema.examples?.[0] ?? item.examples?.[0];
		return known === undefined || known === null ? [] : [known].flat().map(String);
	}
}

/** Whether the value of a parameter is a row of the shop itself. */
const isOwn = (name: string): boolean => /^(id|.*_id|after|subject|trace)$/.test(name);
