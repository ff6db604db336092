import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseMetrics } from '../database/metrics/server.ts';
import { migrate } from '../database/migrate.ts';
import { shownUrl } from '../database/owner-url.ts';
import { monitor, remover, urlOf } from '../database/roles.ts';
import { type Seed, seed } from '../database/seed.ts';
import { readVitals } from '../database/vitals.ts';
import { functions } from '../functions/index.ts';
import { tracing } from '../kit/declare/config.ts';
import { type Declaration, targetsOf } from '../kit/declare/declare.ts';
import { freeMemory } from '../kit/process/memory.ts';
import { shop } from '../shop.ts';
import { BrokerProcess } from './broker-process.ts';
import { Bundles } from './bundles/bundles.ts';
import { TypeCheck } from './bundles/type-check.ts';
import { listenForControl } from './control.ts';
import { Declared } from './declared/declared.ts';
import { build, checkRoles, describeChange, watchSources } from './declared/sources.ts';
import { freePort } from './free-port.ts';
import { type Front, listenOnLoopback } from './front.ts';
import { tellMetrics } from './metrics.ts';
import { banner, printLine, recentLines, step } from './output.ts';
import { broker as brokerName, type Provided } from './plan.ts';
import { openDatabase } from './postgres/database.ts';
import { retainDaily } from './postgres/retention.ts';
import { claimData, tellRunning } from './running.ts';
import { refuse } from './service/activator.ts';
import { listenForDebuggers } from './service/inspector.ts';
import { checkEnvironment } from './start/environment.ts';
import { forget } from './start/forget.ts';
import { portsOfInspected } from './start/inspected.ts';
import { listenForSpans } from './traces/recorder.ts';

interface StartOptions {
	/** Preferred port; the next free one is used if it is taken. */
	readonly port: number;
	/** Seconds without requests after which an instance is stopped. */
	readonly idle: number;
	readonly fresh: boolean;
	readonly data: string;
	/** Whether the bundles are those of the images, instead of readable ones with source maps. */
	readonly minify: boolean;
	/** The targets to which debuggers can attach, perhaps with their ports: `books`, `books-events:9230`. */
	readonly inspect?: readonly string[];
	/** Whether the types are checked when a source is saved. Default: if the output is a terminal. */
	readonly types?: boolean;
}

const root = join(import.meta.dirname, '..');
type Close = () => unknown;
type OpenDatabase = Awaited<ReturnType<typeof openDatabase>>;
const newToken = (): string => randomBytes(24).toString('base64url');

/** Milliseconds for closing the shop. Then this process exits, and its watchdog ends what is left of the others. */
const patience = 1_200;

/**
 * Runs the shop on this machine. Closes it on SIGINT or SIGTERM. SIGHUP, which says that its terminal or npm has gone,
 * has no handler, so it ends even a busy process immediately: nobody waits for responses then, and the watchdog ends the other processes.
 */
export async function start(options: StartOptions): Promise<void> {
	const closing: Close[] = [];
	const close = closer(closing);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void close(0));
	try {
		await checkEnvironment(process.env);
		await open(options, closing);
	} catch (error) {
		process.stderr.write(`\nBodega could not open: ${error instanceof Error ? error.message : String(error)}\n`);
		await close((error as { exitCode?: number }).exitCode ?? 1);
	}
}

async function open(options: StartOptions, closing: Close[]): Promise<void> {
	const { data } = options;
	const inspected = portsOfInspected(
		options.inspect ?? [],
		functions.flatMap(targetsOf).map(({ name }) => name),
	);
	claimData(data);
	const servers: { close(): unknown }[] = [];
	// First, so that a port that cannot be used is reported immediately.
	let route: Front = {
		listener: (_req, res) => refuse(res, 503, 'The shop is still starting.'),
		find: () => undefined,
	};
	const front = await listenOnLoopback(
		{ listener: (req, res) => route.listener(req, res), find: (req) => route.find(req) },
		options.port,
	);
	servers.push(...front.servers);
	const brokerPort = await freePort();
	const declared = new Declared({
		sink: `http://127.0.0.1:${brokerPort}/${shop.namespace}/${brokerName}`,
		manifests: join(data, 'triggers.yaml'),
		idle: options.idle * 1000,
		inspected,
	});
	const { services } = declared;
	for (const [name, port] of inspected)
		servers.push(await listenForDebuggers(name, port, () => services.byName.get(name)));
	if (options.fresh) await forget(data);
	await declared.reserve(functions);
	declared.subscribe(functions);
	const broker = new BrokerProcess(join(data, 'triggers.yaml'), brokerPort, (line) => printLine('broker', line));
	closing.unshift(() => broker.stop());
	const bundles = new Bundles(options.minify ? 'image' : 'laptop');
	// In parallel, which saves 170 ms of each start: the broker needs no database.
	const [unbuilt, owner] = await Promise.all([buildAndStart(bundles, broker), openAndMigrate(options, closing)]);

	const [token, observerToken, brokerToken] = [newToken(), newToken(), newToken()];
	writeFileSync(join(data, 'control-token'), token, { mode: 0o600 });
	const control = await listenForControl({
		services: services.byName,
		token,
		observerToken,
		brokerToken,
		broker,
		lines: recentLines,
		vitals: () => readVitals(owner.url),
	});
	servers.push(control.server);
	const brokerKillUrl = `${control.url}/broker/${brokerToken}/kill`;
	const extra = process.env['LOG_LEVEL'] ? { LOG_LEVEL: process.env['LOG_LEVEL'] } : {};
	const observer = { RUNNER_URL: control.url, RUNNER_TOKEN: observerToken };
	// With a collector of the operator's, the functions send their spans there all the time, and no admin starts a recording.
	const recorder = await listenForSpans((env) => services.setEnvironment(env));
	servers.push(recorder.server);
	const shown = process.env[tracing] ? {} : recorder.env;
	const codeCache = join(data, 'code-cache');
	const provided: Provided = { owner, extra, codeCache, observer, brokerKillUrl, recorder: shown };
	declared.run(functions, provided, unbuilt);
	const metrics = new DatabaseMetrics(urlOf(owner, monitor));
	closing.unshift(() => metrics.close());
	// Before all others, so that waiting requests get their answers within the time for closing.
	closing.unshift(() => services.close());
	const read = (): Promise<string> => tellMetrics(services.byName, metrics);
	route = declared.route(functions, read);
	closing.unshift(
		() => declared.stopPings(),
		() => {
			services.closeAddresses();
			for (const server of servers) server.close();
		},
	);
	const types = new TypeCheck(join(data, 'types.json'), (text) => printLine('types', text));
	closing.unshift(() => types.close());
	const url = `http://localhost:${front.port}`;
	const tell = (): void => tellRunning(data, { pid: process.pid, url, control: control.url, urls: services.urls });
	let current = functions;
	const seedOf = (name: string): Promise<Seed> => bundles.current(`functions/${name}/seed.ts`);
	const apply = async (): Promise<void> => {
		const next = await bundles.declarations();
		checkRoles(current, next);
		await declared.reserve(next);
		await migrateAs(owner, next);
		const seeded = new Set(current.filter((fn) => fn.seed).map(({ name }) => name));
		const unseeded = next.filter(({ name }) => !seeded.has(name));
		for (const line of await seed(owner, unseeded, seedOf)) printLine('seed', line);
		const added = next.filter(({ name }) => !bundles.has(name));
		const change = declared.run(next, provided, new Set(added.map(({ name }) => name)));
		declared.subscribe(next);
		route = declared.route(next, read);
		bundles.use(next);
		current = next;
		tell();
		printLine('start', describeChange(change));
	};
	const saved = (): void => {
		if (options.types ?? process.stdout.isTTY) types.saved();
	};
	closing.unshift(watchSources({ bundles, services, apply, saved }));

	// Last, because a failed start would never show the password.
	const seeded = await seed(owner, functions);
	tell();
	if (options.port && front.port !== options.port)
		process.stdout.write(`\nPort ${options.port} is taken; ${front.port} is the next free one.\n`);
	banner([
		['Shop', url],
		['Admin', seeded[0] ?? `${shop.firstAdmin}; its password was shown at the first start`],
		['Database', shownUrl(owner.url)],
		['Scale to zero', `after ${options.idle} s without requests`],
		...[...inspected].map(([name, port]) => ['Debugger', `${name} at 127.0.0.1:${port}`] as const),
		['Stop', `Ctrl-C; your data remains in ${data}`],
	]);
	closing.unshift(retainDaily(owner, data, process.env));
	freeMemory();
}

async function buildAndStart(bundles: Bundles, broker: BrokerProcess): Promise<ReadonlySet<string>> {
	const unbuilt = await step('Building the functions', () => build(bundles));
	await step('Starting the broker', () => broker.start());
	return unbuilt;
}

async function openAndMigrate(options: StartOptions, closing: Close[]): Promise<OpenDatabase> {
	const owner = await step('Starting Postgres', () => openDatabase(options, closing));
	await step('Migrating the database', () => migrateAs(owner, functions));
	return owner;
}

const migrateAs = ({ ownServer, ...owner }: OpenDatabase, functions: readonly Declaration[]): Promise<void> =>
	migrate({ owner, ownServer, functions, monitor, remover, root, log: (line) => printLine('migrate', line) });

/** Closes all parts once, in reverse order. Ctrl-C reaches this process twice, from the terminal and from npm. */
function closer(closing: Close[]): (code: number) => Promise<void> {
	let begun = false;
	return async (code) => {
		if (begun) return;
		begun = true;
		setTimeout(() => process.exit(code), patience);
		for (const part of closing.splice(0)) await (async () => part())().catch(() => {});
		process.exit(code);
	};
}
