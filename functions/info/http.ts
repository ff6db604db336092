import { isAway } from '../../kit/data/away.ts';
import { json } from '../../kit/declare/config.ts';
import type { Shape } from '../../kit/declare/environment.ts';
import { eventStream } from '../../kit/http/event-stream.ts';
import { implement } from '../../kit/http/http.ts';
import { Problem } from '../../kit/http/problem.ts';
import type { Context } from '../../kit/serve/context.ts';
import { bounds, bucketOf } from '../../kit/serve/outcomes.ts';
import manifest from '../../package.json' with { type: 'json' };
import { api, type CurrentScaling, type FunctionDetail, type FunctionState, type Info } from './api.ts';
import { codeOf } from './code.ts';
import { compose } from './compose.ts';
import { kubernetes } from './kubernetes.ts';
import { laptop } from './laptop.ts';
import { followLog, lastLines } from './log.ts';
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
function platformFor({ RUNNER_URL, RUNNER_TOKEN, TARGET_URLS, ...env }: NodeJS.ProcessEnv): Platform {
	if (RUNNER_URL) return laptop(RUNNER_URL, RUNNER_TOKEN);
	if (TARGET_URLS) return compose(JSON.parse(TARGET_URLS) as Record<string, string>);
	return kubernetes(env);
}

export const operations = implement(api, {
	listFunctions: (_input, context) => states(context),

	async getFunction({ params: { name } }, context) {
		const { targets } = shapeOf(context, name);
		const platform = platformOf(context);
		const seen = await platform.observe();
		const services = targets.map((target) => detailOf(target, { ...none, ...seen.get(target.name) }));
		const scaling = targets.map((target) => seen.get(target.name)?.scaling).find(Boolean) ?? null;
		return { name, platform: platform.name, services, scaling };
	},

	async getCode({ params: { name } }, context) {
		shapeOf(context, name);
		return codeOf(name, context.config.env);
	},

	async readLog({ params: { name }, query }, context, exchange) {
		const services = shapeOf(context, name).targets.map((target) => target.name);
		const { openLog } = platformOf(context);
		if (!openLog)
			throw new Problem(
				409,
				`Containers of Compose cannot read the log of others. Read it with: docker compose logs -f ${services.join(' ')}`,
			);
		const read = openLog(services);
		if (exchange.mediaType === 'text/event-stream') return eventStream(exchange, await followLog(read, query));
		return lastLines(read, query);
	},

	async scaleFunction({ params: { name }, body }, context) {
		const { targets } = shapeOf(context, name);
		const platform = platformOf(context);
		if (!platform.scale)
			throw new Problem(
				409,
				`Only a shop on a laptop scales differently while it runs. Change scale in functions/${name}/function.ts, and deploy it.`,
			);
		let current: CurrentScaling | undefined;
		for (const target of targets) current = await platform.scale(target.name, body);
		return current as CurrentScaling;
	},

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

/** @throws {Problem} 404 */
function shapeOf(context: Context, name: string): Shape {
	const all = shapes(context);
	const shape = all.find((each) => each.name === name);
	if (shape) return shape;
	throw new Problem(
		404,
		`There is no function "${name}". The functions are: ${all.map((each) => each.name).join(', ')}.`,
	);
}

const none: Observation = {
	...{ state: 'zero', instances: 0, requests: 0, cold_starts: [], history: [] },
	...{ errors: 0, durations: [] },
};

function detailOf(
	{ name, signature }: Shape['targets'][number],
	{ errors, durations, cold_starts }: Observation,
): FunctionDetail['services'][number] {
	const cold = Map.groupBy(cold_starts, ({ ms }) => bucketOf(ms));
	const buckets = [...bounds, null].map((up_to_ms, bucket) => ({
		up_to_ms,
		cold: cold.get(bucket)?.length ?? 0,
		warm: durations[bucket] ?? 0,
	}));
	return { name, signature, errors, durations: buckets };
}

async function states(context: Context): Promise<FunctionState[]> {
	const seen = await platformOf(context).observe();
	return shapes(context).flatMap(({ name: fn, purpose, path, targets }) =>
		targets.map(({ name, signature }) => ({
			name,
			function: fn,
			purpose,
			signature,
			path: signature === 'http' ? path : null,
			...stateOf({ ...none, ...seen.get(name) }),
		})),
	);
}

const stateOf = ({ state, instances, requests, cold_starts, history }: Observation) => ({
	...{ state, instances, requests, cold_starts, history },
});

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
