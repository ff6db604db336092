import type { Vitals } from '../database/vitals.ts';
import { triggersOf } from '../eventing/delivery.ts';
import { functions } from '../functions/index.ts';
import type { Readiness } from '../k8s/cluster/readiness.ts';
import { clusterStatus } from '../k8s/commands/status.ts';
import { type FunctionStatus, type Status, statusText, warningsOf } from '../k8s/commands/status-text.ts';
import { exitCode } from '../k8s/kubectl/failure.ts';
import { printResult } from '../k8s/kubectl/progress.ts';
import { targetsOf } from '../kit/declare/declare.ts';
import { scheduleOf } from '../kit/declare/environment.ts';
import { askControl } from './place/control.ts';
import { choosePlace, type OpenShop, type Where } from './place/place.ts';

interface Observed {
	readonly state: 'zero' | 'starting' | 'ready';
	readonly instances: number;
	readonly requests: number;
	readonly cold_starts: readonly { readonly ms: number }[];
}

/** Prints the health of the shop on this machine or on a cluster. Wakes no function. @returns 0 when all of it is ready, else 5 */
export async function status({ json, ...where }: Where & { json?: boolean }, stop: AbortSignal): Promise<number> {
	const place = await choosePlace(where);
	const found = 'kubectl' in place ? await clusterStatus(place.kubectl) : await laptopStatus(place, stop);
	printResult(found, statusText, json);
	return found.ready ? 0 : exitCode.notReady;
}

async function laptopStatus(shop: OpenShop, stop: AbortSignal): Promise<Status> {
	const [observed, processes, database] = await Promise.all([
		askControl<Record<string, Observed>>(shop, '/functions', stop),
		askControl<{ broker?: number }>(shop, '/processes', stop),
		askControl<Vitals>(shop, '/vitals', stop).catch((error: Error) => error),
	]);
	stop.throwIfAborted();
	const away = database instanceof Error ? database.message : undefined;
	const vitals = database instanceof Error ? undefined : database;
	const judged = (kind: string, name: string, reason?: string): Readiness =>
		reason ? { kind, name, ready: false, failed: false, reason } : { kind, name, ready: true, failed: false };
	const down = processes.broker ? undefined : 'the process is not running; see npx bodega logs';
	const objects = [
		judged('StatefulSet', 'postgres', away),
		judged('Broker', 'default', down),
		...triggersOf(functions).map(({ name }) => judged('Trigger', name, down && 'the broker is not running')),
		...functions.filter((fn) => scheduleOf(fn)).map(({ name }) => judged('PingSource', name)),
	];
	const { host } = new URL(shop.running.url);
	return {
		place: 'laptop',
		url: shop.running.url,
		ready: objects.every(({ ready }) => ready),
		cluster: [
			{ name: 'Process', state: 'ok', found: `${shop.running.pid}, Node ${process.version}` },
			{ name: 'Data', state: 'ok', found: shop.data },
		],
		functions: functions.flatMap(targetsOf).map(({ name, signature }): FunctionStatus => {
			const { state = 'zero', instances = 0, requests = 0, cold_starts = [] } = observed[name] ?? {};
			return {
				name,
				state,
				instances,
				requests,
				cold_start_ms: cold_starts.at(-1)?.ms ?? null,
				...(signature === 'http' ? { url: `http://${name}.${host}` } : {}),
			};
		}),
		...(vitals ? { database: vitals } : {}),
		objects,
		problems: [
			...objects.filter(({ ready }) => !ready).map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`),
			...(vitals ? warningsOf(vitals) : []),
		],
	};
}
