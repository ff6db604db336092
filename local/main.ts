import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { dist } from '../build/esbuild.ts';
import { functionOf, outputOf } from '../build.ts';
import { DatabaseMetrics } from '../database/metrics/server.ts';
import { migrate } from '../database/migrate.ts';
import { shownUrl } from '../database/owner-url.ts';
import { monitor, type Owner, urlOf } from '../database/roles.ts';
import { seed } from '../database/seed.ts';
import { readVitals } from '../database/vitals.ts';
import { startPings } from '../eventing/broker/ping.ts';
import { functions } from '../functions/index.ts';
import { tracing } from '../kit/declare/config.ts';
import { eventsTarget, targetsOf, withRole } from '../kit/declare/declare.ts';
import type { Addresses } from '../kit/declare/environment.ts';
import type { Listener } from '../kit/net/server.ts';
import { shop } from '../shop.ts';
import { BrokerProcess } from './broker-process.ts';
import { BuildsFailed, Bundles } from './bundles/bundles.ts';
import { listenForControl } from './control.ts';
import { freePort } from './free-port.ts';
import { listenOnLoopback, routeByHost } from './front.ts';
import { tellMetrics } from './metrics.ts';
import { banner, printLine, recentLines, step } from './output.ts';
import { broker as brokerName, planPings, planServices, planTriggers } from './plan.ts';
import { openDatabase } from './postgres/database.ts';
import { claimData, tellRunning } from './running.ts';
import { listenFor, refuse } from './service/activator.ts';
import { Service } from './service/service.ts';
import { wakerOf } from './service/waking.ts';
import { checkEnvironment } from './start/environment.ts';
import { forget } from './start/forget.ts';
import { listenForSpans } from './traces/recorder.ts';

interface StartOptions {
	/** Preferred port; the next free one is used if it is taken. */
	readonly port: number;
	/** Seconds without requests after which an instance is stopped. */
	readonly idle: number;
	readonly fresh: boolean;
	readonly data: string;
}

const root = join(import.meta.dirname, '..');
type Close = () => unknown;
const newToken = (): string => randomBytes(24).toString('base64url');

/** Milliseconds for closing the shop. Then this process exits, and its watchdog ends what is left of the others. */
const patience = 1_200;

/**
 * Runs the shop on this machine. Closes it on SIGINT or SIGTERM. When its terminal or npm has gone, it exits immediately:
 * nobody waits for responses then, and the watchdog ends the other processes.
 */
export async function start(options: StartOptions): Promise<void> {
	const closing: Close[] = [];
	const close = closer(closing);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void close(0));
	process.once('SIGHUP', () => process.exit(1));
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
	claimData(data);
	const servers: Server[] = [];
	// First, so that a port that cannot be used is reported immediately.
	let route: Listener = (_req, res) => refuse(res, 503, 'The shop is still starting.');
	const front = await listenOnLoopback((req, res) => route(req, res), options.port);
	servers.push(...front.servers);
	if (options.fresh) await forget(data);

	// Reserve the addresses first: functions, broker and pings need each other's before any of them starts.
	const services = new Map<string, Service>();
	const urls = new Map<string, string>();
	for (const { name } of functions.flatMap(targetsOf)) {
		const { server, url } = await listenFor(() => services.get(name));
		servers.push(server);
		urls.set(name, url);
	}
	const brokerPort = await freePort();
	const addresses: Addresses = {
		url: (service) => urls.get(service) ?? '',
		sink: `http://127.0.0.1:${brokerPort}/${shop.namespace}/${brokerName}`,
		// The front and the gateway.
		env: { TRUSTED_PROXIES: '2', ...process.env },
	};
	const manifests = join(data, 'triggers.yaml');
	writeFileSync(manifests, planTriggers(functions, addresses));
	const broker = new BrokerProcess(manifests, brokerPort, (line) => printLine('broker', line));
	closing.unshift(() => broker.stop());
	const bundles = new Bundles();
	// In parallel, which saves 170 ms of each start: the broker needs no database.
	const [unbuilt, owner] = await Promise.all([buildAndStart(bundles, broker), openAndMigrate(options, closing)]);

	const [token, observerToken, brokerToken] = [newToken(), newToken(), newToken()];
	writeFileSync(join(data, 'control-token'), token, { mode: 0o600 });
	const control = await listenForControl({
		services,
		token,
		observerToken,
		brokerToken,
		broker,
		lines: recentLines,
		vitals: () => readVitals(owner.url),
	});
	servers.push(control.server);
	const brokerKillUrl = `${control.url}/broker/${brokerToken}/kill`;
	const extra = {
		NODE_COMPILE_CACHE: join(data, 'compile-cache'),
		...(process.env['LOG_LEVEL'] ? { LOG_LEVEL: process.env['LOG_LEVEL'] } : {}),
	};
	const observer = { RUNNER_URL: control.url, RUNNER_TOKEN: observerToken };
	// With a collector of the operator's, the functions send their spans there all the time, and no admin starts a recording.
	const recorder = await listenForSpans((env) => {
		for (const service of services.values()) service.setEnvironment(env);
	});
	servers.push(recorder.server);
	const shown = process.env[tracing] ? {} : recorder.env;
	for (const plan of planServices(functions, addresses, { owner, extra, observer, brokerKillUrl, recorder: shown })) {
		const { name, declaration } = plan.target;
		const bundle = join(dist, declaration.name, 'function.cjs');
		const log = (line: string): void => printLine(name, line);
		const scale = { cores: availableParallelism(), idle: options.idle * 1000 };
		services.set(name, new Service({ plan, bundle, ...scale, log, unbuilt: unbuilt.has(declaration.name) }));
	}
	const metrics = new DatabaseMetrics(urlOf(owner, monitor));
	closing.unshift(() => metrics.close());
	// Before all others, so that waiting requests get their answers within the time for closing.
	closing.unshift(() => Promise.all([...services.values()].map((service) => service.close())));

	const pings = startPings(planPings(functions, addresses));
	const gateway = services.get(withRole('gateway', functions).name) as Service;
	const wake = wakerOf(functions, services, process.env);
	const forward = routeByHost(services, gateway, () => tellMetrics(services, metrics));
	route = (req, res) => {
		wake(req);
		return forward(req, res);
	};
	closing.unshift(
		() => pings.stop(),
		() => {
			for (const server of servers) server.close();
		},
	);
	closing.unshift(watchSources(bundles, services));

	// Last, because a failed start would never show the password.
	const seeded = await seed(owner, functions);
	const url = `http://localhost:${front.port}`;
	tellRunning(data, { pid: process.pid, url, control: control.url, urls: Object.fromEntries(urls) });
	if (options.port && front.port !== options.port)
		process.stdout.write(`\nPort ${options.port} is taken; ${front.port} is the next free one.\n`);
	banner([
		['Shop', url],
		['Admin', seeded[0] ?? `${shop.firstAdmin}; its password was shown at the first start`],
		['Database', shownUrl(owner.url)],
		['Scale to zero', `after ${options.idle} s without requests`],
		['Stop', `Ctrl-C; your data remains in ${data}`],
	]);
}

async function buildAndStart(bundles: Bundles, broker: BrokerProcess): Promise<ReadonlySet<string>> {
	const unbuilt = await step('Building the functions', () => build(bundles));
	await step('Starting the broker', () => broker.start());
	return unbuilt;
}

async function openAndMigrate(options: StartOptions, closing: Close[]): Promise<Owner> {
	const { ownServer, ...owner } = await step('Starting Postgres', () => openDatabase(options, closing));
	await step('Migrating the database', () =>
		migrate({ owner, ownServer, functions, monitor, root, log: (line) => printLine('migrate', line) }),
	);
	return owner;
}

/**
 * Builds what has changed. A function whose build fails does not keep the others from opening: it answers 503 until a change
 * mends it. Returns the names of these functions.
 */
async function build(bundles: Bundles): Promise<ReadonlySet<string>> {
	try {
		await bundles.refresh();
		return new Set();
	} catch (error) {
		if (!(error instanceof BuildsFailed)) throw error;
		printLine('build', `failed:\n${error.message}`);
		// The previous page can be served without its sources.
		const missing = error.bundles.filter((name) => functionOf(name) === name || !existsSync(outputOf(name)));
		return new Set(missing.map(functionOf));
	}
}

/** Rebuilds changed functions. Their requests wait for the build, and later requests run the new code. */
function watchSources(bundles: Bundles, services: ReadonlyMap<string, Service>): Close {
	return bundles.watch(
		(name, built) => {
			const fn = functionOf(name);
			const concerned = [fn, eventsTarget(fn)].flatMap((target) => services.get(target) ?? []);
			for (const service of concerned) service.hold(built.then(() => service.replace()));
			const next = concerned.length ? '; the next request runs the new code' : '';
			built.then(
				() => printLine(name, `rebuilt${next}`),
				(error: Error) => printLine(name, `build failed; the previous code keeps running:\n${error.message}`),
			);
		},
		(file) => printLine('start', `${file} changed: restart the shop to apply it`),
	);
}

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
