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
	/** What whoever opens or deploys the shop may set, by the name of its environment variable. */
	readonly settings: Readonly<Record<string, Setting>>;
	/** What it has of the database, or nothing when it has no data. */
	readonly data?: Data;
	/** Tables of its schema, or columns as `table.column`, that no function but itself may read. */
	readonly secrets: readonly string[];
	readonly scale: Scale;
	/** When a PingSource wakes it: cron with five fields, UTC. */
	readonly schedule?: string;
	/** It is the dead letter sink of every trigger. There is one. */
	readonly deadLetters: boolean;
	/** The part of the shop's shape it is told in its environment: the gateway the routes, info the functions. */
	readonly knows?: 'routes' | 'functions';
	/** The largest request body it takes, in bytes. */
	readonly bodyLimit: number;
}

/** A variable of the environment that has a value unless one is given. */
export interface Setting {
	/** What it says, as in "RELAY_AFTER is …". */
	readonly purpose: string;
	readonly default: string;
	readonly isValid: (value: string) => boolean;
}

export interface Data {
	/** Connections one instance may hold to the database. */
	readonly connections: number;
	/** It has no tables of its own, but reads those of every other function, apart from their secrets. */
	readonly reads?: 'everything';
}

export interface Scale {
	/** Requests one instance is meant to handle at once: Knative's `autoscaling.knative.dev/target`. */
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

/** Completes a declaration with the defaults and refuses one that contradicts itself. */
export function declare(told: Told): Declaration {
	const { data, scale, ...rest } = told;
	if (!/^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$/.test(told.name))
		throw new Error(`function "${told.name}": a name is a DNS label of at most 42 characters, like "event-log"`);
	if (!data && told.reacts?.length)
		throw new Error(`function "${told.name}" reacts to events but has no data to note them in: set data: true`);
	const guarded = Object.entries(told.api?.operations ?? {}).find(([, { access }]) => access && access !== 'public');
	if (!data && guarded)
		throw new Error(
			`function "${told.name}": ${guarded[0]} asks who its caller is, but the keys of access tokens are in the database: set data: true`,
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
	const { name, api, knows, reacts, schedule, deadLetters } = declaration;
	const targets: Target[] = [];
	if (api || knows === 'routes') targets.push({ name, signature: 'http', declaration });
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
