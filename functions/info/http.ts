import { isAway } from '../../kit/data/away.ts';
import { json } from '../../kit/declare/config.ts';
import type { Shape } from '../../kit/declare/environment.ts';
import { implement } from '../../kit/http/http.ts';
import type { Context } from '../../kit/serve/context.ts';
import manifest from '../../package.json' with { type: 'json' };
import { api, type FunctionState, type Info } from './api.ts';
import { compose } from './compose.ts';
import { kubernetes } from './kubernetes.ts';
import { laptop } from './laptop.ts';
import type { Observation, Platform } from './platform.ts';

/** The platform of each context. It is reused because it stores what it has observed. */
const platforms = new WeakMap<Context, Platform>();

function platformOf(context: Context): Platform {
	const { env } = context.config;
	const platform = platforms.get(context) ?? platformFor(env);
	platforms.set(context, platform);
	return platform;
}

/** Chooses the platform from the environment; without RUNNER_URL and TARGET_URLS it is a cluster. */
function platformFor({ RUNNER_URL, TARGET_URLS, ...env }: NodeJS.ProcessEnv): Platform {
	if (RUNNER_URL) return laptop(RUNNER_URL);
	if (TARGET_URLS) return compose(JSON.parse(TARGET_URLS) as Record<string, string>);
	return kubernetes(env);
}

export const operations = implement(api, {
	listFunctions: (_input, context) => states(context),

	getMap: (_input, context) => shapes(context).map(({ targets, ...fn }) => fn),

	async getInfo(_input, context) {
		const platform = platformOf(context);
		const [functions, versions, database] = await Promise.all([
			states(context),
			platform.versions(),
			databaseOf(context),
		]);
		return {
			name: manifest.name,
			version: manifest.version,
			revision: context.config.env['K_REVISION'] ?? null,
			uptime: Math.floor(process.uptime()),
			runs_on: { platform: platform.name, node: process.version, ...versions },
			database,
			functions,
		};
	},
});

const shapes = ({ config }: Context): Shape[] => json<Shape[]>('FUNCTIONS', config.env) ?? [];

async function states(context: Context): Promise<FunctionState[]> {
	const seen = await platformOf(context).observe();
	const none: Observation = { state: 'zero', instances: 0, requests: 0, cold_starts: [], history: [] };
	return shapes(context).flatMap(({ name: fn, purpose, path, targets }) =>
		targets.map(({ name, signature }) => ({
			name,
			function: fn,
			purpose,
			signature,
			path: signature === 'http' ? path : null,
			...none,
			...seen.get(name),
		})),
	);
}

async function databaseOf({ db }: Context): Promise<Info['database']> {
	try {
		const { rows } = await db.query<NonNullable<Info['database']>>(
			`select current_setting('server_version') as version, pg_database_size(current_database()) as size`,
		);
		return rows[0] ?? null;
	} catch (error) {
		if (isAway(error)) return null;
		throw error;
	}
}
