import type { Declaration } from './declare.ts';

/**
 * The environment of a function. The names are the same on the laptop and on the cluster. Knative itself sets `PORT`,
 * `K_SERVICE`, `K_CONFIGURATION` and `K_REVISION`.
 */
export interface Config {
	readonly target: string;
	readonly port: number;
	readonly host: string | undefined;
	readonly databaseUrl: string | undefined;
	/** The URL of the same database that leads past a connection pooler, if `databaseUrl` leads to one. Only listening uses it. */
	readonly directUrl?: string | undefined;
	/** The URL that events are published to: the Broker's ingress. */
	readonly sink: string | undefined;
	/** The base URLs of the functions it calls, by name. */
	readonly functionUrls: Readonly<Record<string, string>>;
	/** The settings it declares, with their defaults filled in. */
	readonly settings: Readonly<Record<string, unknown>>;
	readonly env: NodeJS.ProcessEnv;
}

const purposes = {
	FUNCTION_TARGET: 'which of the bundle’s targets this process serves',
	DATABASE_URL: 'the function’s own role and database, as postgresql://role:password@host/database',
	K_SINK: 'the URL of the Broker that its events are published to',
	FUNCTION_URLS: 'the base URLs of the functions it calls, as JSON: {"NAME": "http://…"}',
	ROUTES: 'the function behind each public path, as JSON: {"/api/NAME": {"url": "http://…", "bodyLimit": 100000}}',
	WAKES:
		'the URLs of the functions that each operation reaches, as JSON: [{"method": "POST", "pattern": "^/api/NAME$", "urls": ["http://…"]}]',
	FUNCTIONS: 'the functions of the shop, as JSON: [{"name": "NAME", "purpose": "…", …}]',
} as const;

export type Variable = keyof typeof purposes;

export function variablesOf(declaration: Declaration): Variable[] {
	const publishes = declaration.emits.length > 0 || declaration.schedule !== undefined || declaration.deadLetters;
	return [
		'FUNCTION_TARGET',
		...(declaration.data ? (['DATABASE_URL'] as const) : []),
		...(publishes ? (['K_SINK'] as const) : []),
		...(Object.keys(declaration.calls).length ? (['FUNCTION_URLS'] as const) : []),
		...(declaration.role === 'gateway' ? (['ROUTES'] as const) : []),
		...(declaration.role === 'observer' ? (['FUNCTIONS'] as const) : []),
	];
}

/** Returns the port to listen on, or undefined if it is not one. */
export function portOf(env: NodeJS.ProcessEnv): number | undefined {
	const port = Number(env['PORT'] ?? 8080);
	return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : undefined;
}

/** @throws {Error} that names every missing variable and its purpose, or the variable with an invalid value */
export function readConfig(declaration: Declaration, env: NodeJS.ProcessEnv = process.env): Config {
	const missing = variablesOf(declaration).filter((name) => !env[name]);
	if (missing.length)
		throw new Error(
			`function "${declaration.name}" cannot start: the environment lacks\n` +
				missing.map((name) => `  ${name}: ${purposes[name]}`).join('\n'),
		);
	const port = portOf(env);
	if (port === undefined)
		throw new Error(`PORT is ${JSON.stringify(env['PORT'])}; a port is a whole number from 0 to 65535`);
	return {
		target: env['FUNCTION_TARGET'] as string,
		port,
		host: env['HOST'],
		databaseUrl: declaration.data ? env['DATABASE_URL'] : undefined,
		directUrl: (declaration.data && env['DATABASE_DIRECT_URL']) || undefined,
		sink: env['K_SINK'],
		functionUrls: json<Record<string, string>>('FUNCTION_URLS', env) ?? {},
		settings: settingsOf(declaration, env),
		env,
	};
}

/** Returns the declared settings, from the environment or by default. @throws {Error} that names an invalid one. */
export function settingsOf(
	{ settings }: Pick<Declaration, 'settings'>,
	env: NodeJS.ProcessEnv,
): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(settings).map(([name, schema]) => {
			const { success, data } = schema.safeParse(env[name] || undefined);
			if (success) return [name, data];
			const value = JSON.stringify(env[name]);
			throw new Error(
				`${name} is invalid: ${value}. It sets ${schema.description}, for example ${schema.parse(undefined)}`,
			);
		}),
	);
}

/** OpenTelemetry's variable for the URL to which every function sends its traces. Without it there are no traces. */
export const tracing = 'OTEL_EXPORTER_OTLP_ENDPOINT';

/** Returns that variable, if it is set. @throws {Error} when it is not an HTTP URL */
export function tracingOf(env: NodeJS.ProcessEnv): Record<string, string> {
	const value = env[tracing];
	if (!value) return {};
	if (!/^https?:$/.test(URL.parse(value)?.protocol ?? ''))
		throw new Error(
			`${tracing} is ${JSON.stringify(value)}; expected the URL of an OTLP/HTTP collector, like http://localhost:4318`,
		);
	return { [tracing]: value };
}

/** Parses a variable that holds JSON. @throws {Error} that names a variable that is not JSON. */
export function json<T>(name: Variable, env: NodeJS.ProcessEnv): T | undefined {
	const text = env[name];
	if (text === undefined) return undefined;
	try {
		return JSON.parse(text) as T;
	} catch (cause) {
		throw new Error(`${name} is not JSON. Expected ${purposes[name]}.`, { cause });
	}
}
