import type { EventType } from '../../eventing/catalog.ts';
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
	/** The settings that the operator of the shop can change, by the name of the environment variable. */
	readonly settings: Readonly<Record<string, Setting>>;
	/** How it uses the database; undefined if it does not. */
	readonly data?: Data;
	/** Tables of its schema, or columns as `table.column`, that no other function can read. */
	readonly secrets: readonly string[];
	readonly scale: Scale;
	/** The schedule on which a PingSource wakes it: cron with five fields, in UTC. */
	readonly schedule?: string;
	/** Makes it the dead letter sink of every trigger. Exactly one function of the shop is. */
	readonly deadLetters: boolean;
	/** The description of the shop that its environment contains: the routes for the gateway, the functions for info. */
	readonly knows?: 'routes' | 'functions';
	/** The largest request body it accepts, in bytes. */
	readonly bodyLimit: number;
}

/** An environment variable with a default. */
export interface Setting {
	/** A description that completes the sentence "It sets …". */
	readonly purpose: string;
	readonly default: string;
	readonly isValid: (value: string) => boolean;
}

export interface Data {
	/** The most connections that one instance opens to the database. */
	readonly connections: number;
	/** Gives it no tables, but read access to those of every other function, except their secrets. */
	readonly reads?: 'everything';
}

export interface Scale {
	/** The target number of concurrent requests per instance: Knative's `autoscaling.knative.dev/target`. */
	readonly concurrency: number;
	/** The most instances of one Service: Knative's `max-scale`. */
	readonly max: number;
}

type Told = Partial<Omit<Declaration, 'name' | 'purpose' | 'scale' | 'data'>> & {
	readonly name: string;
	readonly purpose: string;
	readonly data?: boolean | Data;
	readonly scale?: Partial<Scale>;
};

/** Completes a declaration with the defaults. @throws {Error} when the declaration contradicts itself */
export function declare(told: Told): Declaration {
	const { data, scale, ...rest } = told;
	if (!/^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$/.test(told.name))
		throw new Error(`function "${told.name}": a name is a DNS label of at most 42 characters, like "event-log"`);
	if (!data && told.reacts?.length)
		throw new Error(`function "${told.name}" reacts to events but has no data to record them in: set data: true`);
	const guarded = Object.entries(told.api?.operations ?? {}).find(([, { access }]) => access && access !== 'public');
	if (!data && guarded)
		throw new Error(
			`function "${told.name}": ${guarded[0]} verifies access tokens, but their keys are in the database: set data: true`,
		);
	return {
		aliases: [],
		reacts: [],
		emits: [],
		calls: {},
		internet: false,
		settings: {},
		secrets: [],
		deadLetters: false,
		bodyLimit: 100_000,
		...rest,
		...(data ? { data: data === true ? { connections: 4 } : data } : {}),
		scale: { concurrency: 20, max: 5, ...scale },
	};
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
	const { name, api, knows, reacts, schedule, deadLetters } = declaration;
	const targets: Target[] = [];
	if (api || knows === 'routes') targets.push({ name, signature: 'http', declaration });
	if (reacts.length || schedule || deadLetters)
		targets.push({ name: eventsTarget(name), signature: 'cloudevent', declaration });
	return targets;
}

/** Returns a function's public paths, for the gateway: its operations' paths up to a parameter, and its aliases. */
export function routesOf({ api, aliases }: Declaration): string[] {
	const prefixes = Object.values(api?.operations ?? {}).map(({ path }) =>
		`${api?.base}${path}`.replace(/\/(:.*)?$/, '').replace(/\/:.*$/, ''),
	);
	const routes = new Set([...prefixes, ...aliases]);
	return [...routes].filter((route) => ![...routes].some((other) => route.startsWith(`${other}/`)));
}
