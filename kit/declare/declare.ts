import type * as z from 'zod';
import type { EventType } from '../../eventing/catalog.ts';
import type { Contract } from './contract.ts';

/**
 * What a function is. Everything else is derived from it: its Knative Services and Triggers, its database role, its
 * network policies, its process on the laptop, the gateway's routes. Importing a declaration runs nothing.
 */
export interface Declaration {
	/** A DNS label; also the name of its Knative Service, folder, schema and role. */
	readonly name: string;
	readonly purpose: string;
	/** Its HTTP interface; a function without one has no HTTP Service, unless it is the gateway. */
	readonly api?: Contract;
	/** Other public paths that mean the same as its contract's base, e.g. `/api/livres`. */
	readonly aliases: readonly `/${string}`[];
	/** Event types it handles. Only a function with data may react: the inbox is a table. */
	readonly reacts: readonly EventType[];
	readonly emits: readonly EventType[];
	/** The contracts of the functions it calls over HTTP, by name; nothing else may be called. */
	readonly calls: Readonly<Record<string, Contract>>;
	/** It asks hosts of the internet too, over HTTPS. Policies know addresses, not names, so it may ask any public one. */
	readonly internet: boolean;
	/**
	 * The environment variables that an operator can set, by name. Each schema parses a text, and has a default and a
	 * description, as in "RELAY_AFTER is "x"; expected …".
	 */
	readonly settings: Readonly<Record<string, z.ZodType>>;
	/** What it has of the database, or nothing when it has no data. */
	readonly data?: Data;
	/** Tables of its schema, or columns as `table.column`, that no function but itself may read. */
	readonly secrets: readonly string[];
	/** It has a `seed.ts`, which writes its first rows after the migrations. */
	readonly seed: boolean;
	readonly scale: Scale;
	/** When a PingSource wakes it: cron with five fields, UTC. */
	readonly schedule?: string;
	/** It is the dead letter sink of every trigger. There is one. */
	readonly deadLetters: boolean;
	/** Its part in the framework, if it has one. One function at most has each role. */
	readonly role?: FunctionRole;
	/** The largest request body it takes, in bytes. */
	readonly bodyLimit: number;
}

/**
 * The gateway serves the page, and its environment has the public path of every function (`ROUTES`). The observer reads the
 * state of every instance, and its environment has every declaration (`FUNCTIONS`). The reference serves the API reference.
 */
export type FunctionRole = 'gateway' | 'observer' | 'reference';

/** The function that has a role. @throws {Error} when none has it */
export function withRole(role: FunctionRole, functions: readonly Declaration[]): Declaration {
	const found = functions.find((fn) => fn.role === role);
	if (!found) throw new Error(`no function has the role "${role}": declare role: '${role}' in one`);
	return found;
}

export interface Data {
	/** Connections one instance may hold to the database. */
	readonly connections: number;
	/** It has no tables of its own, but reads those of every other function, apart from their secrets. */
	readonly reads?: 'everything';
}

/** `customer`: customers wait for its HTTP and for its reactions. `order`: orders wait for its reactions. */
export type Tier = 'customer' | 'order';

export interface Scale {
	/** Requests one instance is meant to handle at once: Knative's `autoscaling.knative.dev/target`. */
	readonly concurrency: number;
	/** The most instances of one Service: Knative's `max-scale`. */
	readonly max: number;
	/** Who waits for it, and so how many instances always run in the larger profiles; without a tier none does. */
	readonly tier?: Tier;
}

/** The values of a declaration's settings. */
export type Settings<Of extends Declaration> = {
	readonly [Name in keyof Of['settings']]: z.output<Of['settings'][Name]>;
};

type Told = Partial<Omit<Declaration, 'name' | 'purpose' | 'scale' | 'data'>> & {
	readonly name: string;
	readonly purpose: string;
	readonly data?: boolean | Data;
	readonly scale?: Partial<Scale>;
};

/** Completes a declaration with the defaults and refuses one that contradicts itself. */
export function declare<
	const Reacts extends readonly EventType[] = readonly [],
	const Emits extends readonly EventType[] = readonly [],
	const OwnSettings extends Declaration['settings'] = Record<never, never>,
>(
	told: Told & { readonly reacts?: Reacts; readonly emits?: Emits; readonly settings?: OwnSettings },
): Declaration & { readonly reacts: Reacts; readonly emits: Emits; readonly settings: OwnSettings } {
	const { data, scale, ...rest } = told;
	if (!/^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$/.test(told.name))
		throw new Error(`function "${told.name}": a name is a DNS label of at most 42 characters, like "gift-cards"`);
	if (!data && told.reacts?.length)
		throw new Error(`function "${told.name}" reacts to events but has no data to note them in: set data: true`);
	const guarded = Object.entries(told.api?.operations ?? {}).find(([, { access }]) => access && access !== 'public');
	if (!data && guarded)
		throw new Error(
			`function "${told.name}": ${guarded[0]} asks who its caller is, but the keys of access tokens are in the database: set data: true`,
		);
	const completed: Declaration = {
		aliases: [],
		reacts: [],
		emits: [],
		calls: {},
		internet: false,
		settings: {},
		secrets: [],
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

/** One Knative Service of a function: HTTP and events are two targets of one bundle (a process serves one signature). */
export interface Target {
	/** The Service's name and the `FUNCTION_TARGET`: `books`, or `books-events`. */
	readonly name: string;
	readonly signature: 'http' | 'cloudevent';
	readonly declaration: Declaration;
}

export const eventsTarget = (name: string): string => `${name}-events`;

/** The targets of a function: one for HTTP if it has an interface, one for what reaches it as a CloudEvent. */
export function targetsOf(declaration: Declaration): Target[] {
	const { name, api, role, reacts, schedule, deadLetters } = declaration;
	const targets: Target[] = [];
	if (api || role === 'gateway') targets.push({ name, signature: 'http', declaration });
	if (reacts.length || schedule || deadLetters)
		targets.push({ name: eventsTarget(name), signature: 'cloudevent', declaration });
	return targets;
}

/** The public paths of a function, for the gateway: the part of each operation's path before its first parameter, and the aliases. */
export function routesOf({ api, aliases }: Declaration): string[] {
	const prefixes = Object.values(api?.operations ?? {}).map(({ path }) =>
		`${api?.base}${path}`.replace(/\/(:.*)?$/, '').replace(/\/:.*$/, ''),
	);
	const routes = new Set([...prefixes, ...aliases]);
	return [...routes].filter((route) => ![...routes].some((other) => route.startsWith(`${other}/`)));
}
