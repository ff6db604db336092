import type * as z from 'zod';
import type { EventType } from '../../eventing/catalog/catalog.ts';
import type { Contract } from './contract.ts';

/**
 * The declaration of a function. Everything else is derived from it: its Knative Services and Triggers, its database
 * role, its network policies, its process on the laptop, the gateway's routes. Importing a declaration runs no code of
 * the function.
 */
export interface Declaration {
	/** A DNS label; also the name of its Knative Service, folder, schema and role. */
	readonly name: string;
	readonly purpose: string;
	/** Its HTTP interface; a function without one has no HTTP Service, unless it is the gateway. */
	readonly api?: Contract;
	/** Other public paths that are equivalent to its contract's base, e.g. `/api/livres`. */
	readonly aliases: readonly `/${string}`[];
	/** Event types it handles. Only a function with data can react, because the inbox is a table. */
	readonly reacts: readonly EventType[];
	readonly emits: readonly EventType[];
	/** The contracts of the functions it calls over HTTP, by name. It can call no others. */
	readonly calls: Readonly<Record<string, Contract>>;
	/** Allows HTTPS to the internet: to every public address, because network policies match addresses, not names. */
	readonly internet: boolean;
	/**
	 * The settings that the operator of the shop can change, by the name of the environment variable. Each schema parses a
	 * text, and has a default and a description that completes the sentence "It sets …".
	 */
	readonly settings: Readonly<Record<string, z.ZodType>>;
	/** How it uses the database; undefined if it does not. */
	readonly data?: Data;
	/** Tables of its schema, or columns as `table.column`, that no other function can read. */
	readonly secrets: readonly string[];
	/** Tables of its schema that hold private keys. No dump contains their rows, and it creates new keys when there are none. */
	readonly keys: readonly string[];
	/** It has a `seed.ts`, which writes its first rows after the migrations. */
	readonly seed: boolean;
	readonly scale: Scale;
	/** The schedule on which a PingSource wakes it: cron with five fields, in UTC. */
	readonly schedule?: string;
	/** Makes it the dead letter sink of every trigger. Exactly one function of the shop is. */
	readonly deadLetters: boolean;
	/** Its part in the framework, if it has one. Each role has at most one function. */
	readonly role?: FunctionRole;
	/** The largest request body it accepts, in bytes. */
	readonly bodyLimit: number;
}

/**
 * The gateway serves the page, and its environment has every function's public paths (`ROUTES`). The observer reads the state
 * of every instance, and its environment has every declaration (`FUNCTIONS`). The reference serves the API reference. The
 * recorder shows the traces that a shop on a laptop records.
 */
export type FunctionRole = 'gateway' | 'observer' | 'reference' | 'recorder';

/** Returns the function that has a role. @throws {Error} when none has it */
export function withRole(role: FunctionRole, functions: readonly Declaration[]): Declaration {
	const found = functions.find((fn) => fn.role === role);
	if (!found) throw new Error(`no function has the role "${role}": declare role: '${role}' in one`);
	return found;
}

export interface Data {
	/** The most connections that one instance opens to the database. */
	readonly connections: number;
	/** Gives it no tables, but read access to those of every other function, except their secrets. */
	readonly reads?: 'everything';
}

/**
 * Returns the most bytes of request bodies that an instance holds in memory in parallel: one of the largest, or many small
 * ones. The others wait, so neither the number of requests nor `scale.concurrency` decides what an instance needs.
 */
export const bodyMemoryOf = ({ bodyLimit }: Declaration): number => Math.max(bodyLimit, 2_000_000);

/** `customer`: customers wait for its HTTP and for its reactions. `order`: orders wait for its reactions. */
export type Tier = 'customer' | 'order';

export interface Scale {
	/** The target number of concurrent requests per instance: Knative's `autoscaling.knative.dev/target`. */
	readonly concurrency: number;
	/** The most instances of one Service: Knative's `max-scale`. */
	readonly max: number;
	/** Decides how many instances always run in the larger profiles. Without a tier, none does. */
	readonly tier?: Tier;
}

export type Settings<Of extends Declaration> = {
	readonly [Name in keyof Of['settings']]: z.output<Of['settings'][Name]>;
};

/** A declaration as a function's folder writes it: only the name and purpose are required. */
type DeclarationInput = Partial<Omit<Declaration, 'name' | 'purpose' | 'scale' | 'data'>> & {
	readonly name: string;
	readonly purpose: string;
	readonly data?: boolean | Data;
	readonly scale?: Partial<Scale>;
};

/** Names that other things have: in `dist/` and `functions/`, in the database, as a Service, a host or a path. */
export const reservedNames: ReadonlySet<string> = new Set(
	'api base broker code control credentials default docs eventing functions health localhost metrics migrate postgres public ready shop web'.split(
		' ',
	),
);

/** Paths at which every function, the gateway or the laptop answers something else. */
const reservedPaths: ReadonlySet<string> = new Set(['/', '/api', '/health', '/metrics', '/ready', '/stats']);

/** Completes a declaration with the defaults. @throws {Error} when the declaration contradicts itself */
export function declare<
	const Reacts extends readonly EventType[] = readonly [],
	const Emits extends readonly EventType[] = readonly [],
	const OwnSettings extends Declaration['settings'] = Record<never, never>,
>(
	input: DeclarationInput & { readonly reacts?: Reacts; readonly emits?: Emits; readonly settings?: OwnSettings },
): Declaration & { readonly reacts: Reacts; readonly emits: Emits; readonly settings: OwnSettings } {
	const { data, scale, ...rest } = input;
	if (!/^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$/.test(input.name))
		throw new Error(`function "${input.name}": a name is a DNS label of at most 42 characters, like "gift-cards"`);
	if (reservedNames.has(input.name))
		throw new Error(`function "${input.name}": the name is reserved; choose another one`);
	const { api, aliases = [] } = input;
	const routes = routesOf({ api, aliases } as Pick<Declaration, 'api' | 'aliases'>);
	const path = routes.find((route) => reservedPaths.has(route) || !/^(\/[\w.~-]+)+$/.test(route));
	if (path !== undefined)
		throw new Error(
			`function "${input.name}": the path ${JSON.stringify(path)} is reserved, or no path like "/api/gift-cards"`,
		);
	if (!data && input.reacts?.length)
		throw new Error(`function "${input.name}" reacts to events but has no data to record them in: set data: true`);
	const guarded = Object.entries(input.api?.operations ?? {}).find(([, { access }]) => access && access !== 'public');
	if (!data && guarded)
		throw new Error(
			`function "${input.name}": ${guarded[0]} verifies access tokens, but their keys are in the database: set data: true`,
		);
	for (const [operation, { calls = [], emits = [] }] of Object.entries(input.api?.operations ?? {})) {
		const unlisted =
			calls.find((fn) => !Object.hasOwn(input.calls ?? {}, fn)) ?? emits.find((type) => !input.emits?.includes(type));
		if (unlisted !== undefined)
			throw new Error(`function "${input.name}": ${operation} uses "${unlisted}": list it in the declaration too`);
	}
	const exposed = input.keys?.find((table) => !input.secrets?.includes(table));
	if (exposed !== undefined)
		throw new Error(`function "${input.name}": the table of keys "${exposed}" has to be in its secrets too`);
	const completed: Declaration = {
		aliases: [],
		reacts: [],
		emits: [],
		calls: {},
		internet: false,
		settings: {},
		secrets: [],
		keys: [],
		seed: false,
		deadLetters: false,
		bodyLimit: 100_000,
		...rest,
		...(data ? { data: data === true ? { connections: 4 } : data } : {}),
		scale: { concurrency: 20, max: 5, ...scale },
	};
	// The defaults of the type parameters are those of the values.
	return completed as ReturnType<typeof declare<Reacts, Emits, OwnSettings>>;
}

/** One Knative Service of a function. HTTP and events are two targets of one bundle: a process serves one signature. */
export interface Target {
	/** The Service's name and the `FUNCTION_TARGET`: `books`, or `books-events`. */
	readonly name: string;
	readonly signature: 'http' | 'cloudevent';
	readonly declaration: Declaration;
}

export const eventsTarget = (name: string): string => `${name}-events`;

/** Returns the targets of a function: one for HTTP if it has an interface, one for CloudEvents if it receives any. */
export function targetsOf(declaration: Declaration): Target[] {
	const { name, api, role, reacts, schedule, deadLetters } = declaration;
	const targets: Target[] = [];
	if (api || role === 'gateway') targets.push({ name, signature: 'http', declaration });
	if (reacts.length || schedule || deadLetters)
		targets.push({ name: eventsTarget(name), signature: 'cloudevent', declaration });
	return targets;
}

/** Returns a function's public paths, for the gateway: its operations' paths up to a parameter, and its aliases. */
export function routesOf({ api, aliases }: Pick<Declaration, 'api' | 'aliases'>): string[] {
	const prefixes = Object.values(api?.operations ?? {}).map(({ path }) =>
		`${api?.base}${path}`.replace(/\/(:.*)?$/, '').replace(/\/:.*$/, ''),
	);
	const routes = new Set([...prefixes, ...aliases]);
	return [...routes].filter((route) => ![...routes].some((other) => route.startsWith(`${other}/`)));
}
