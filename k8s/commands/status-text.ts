import { styleText } from 'node:util';
import type { Vitals } from '../../database/vitals.ts';
import { eventTypeOf } from '../../eventing/catalog/catalog.ts';
import { functions as declarations } from '../../functions/index.ts';
import { withRole } from '../../kit/declare/declare.ts';
import type { Readiness } from '../cluster/readiness.ts';
import type { Finding } from './doctor.ts';

export interface FunctionStatus {
	readonly name: string;
	readonly state: 'zero' | 'starting' | 'ready' | 'not ready';
	readonly instances: number;
	/** Since the shop was opened; only on a laptop. */
	readonly requests?: number;
	/** The duration of its last cold start, or null if it has not started; only on a laptop. */
	readonly cold_start_ms?: number | null;
	/** Its public URL, unless it is cluster-local. */
	readonly url?: string;
	/** The share of its requests that each revision gets, in percent, if there are several revisions. */
	readonly split?: Readonly<Record<string, number>>;
}

export interface Status {
	readonly place: 'laptop' | 'cluster';
	/** Only on a cluster. */
	readonly namespace?: string;
	/** Only on a laptop. */
	readonly url?: string;
	readonly ready: boolean;
	/** Findings about the cluster, or about this machine. */
	readonly cluster: readonly Finding[];
	readonly functions: readonly FunctionStatus[];
	readonly database?: Vitals;
	readonly objects: readonly Readiness[];
	readonly problems: readonly string[];
}

const stream = process.stdout;
const colours = { zero: 'dim', starting: 'yellow', ready: 'green', 'not ready': 'red' } as const;

export function statusText({
	place,
	namespace,
	url,
	ready,
	cluster,
	functions,
	database,
	objects,
	problems,
}: Status): string {
	const isHere = place === 'laptop';
	const count = (kind: string): string => {
		const all = objects.filter((object) => object.kind === kind);
		return `${all.filter((object) => object.ready).length} of ${all.length} ready`;
	};
	const notOk = cluster.filter(({ state }) => state !== 'ok');
	const routed = functions.find(({ name }) => name === withRole('gateway', declarations).name)?.url;
	return [
		...heading(isHere ? 'This machine' : 'Cluster'),
		...cluster.filter(({ state }) => state === 'ok').map(({ name, found }) => `  ${name.padEnd(20)}${found}`),
		...heading(isHere ? 'Functions' : `Functions in ${namespace}`),
		...functions.map(tellFunction),
		...heading('Database and broker'),
		`  Postgres            ${count('StatefulSet')}${database ? `, ${size(database.size)}, ${database.connections} of ${database.max_connections} connections` : ''}`,
		`  Broker              ${count('Broker')}; triggers ${count('Trigger')}; schedules ${count('PingSource')}`,
		...(database ? [`  Events              ${database.unhandled} waiting, ${database.dead_letters} dead letters`] : []),
		...(database?.events.length ? heading('Last events') : []),
		...(database?.events ?? []).map(
			({ time, type, subject, source, handled, triggers }) =>
				`  ${time.slice(11, 19)}  ${eventTypeOf(type).padEnd(20)}${subject} from ${source.replace('/functions/', '')}, handled by ${handled} of ${triggers}`,
		),
		...(problems.length || notOk.length ? heading('Problems') : []),
		...notOk.map(({ name, found, mend }) => `  ${name}: ${found}\n    → ${mend}`),
		...problems.map((each) => `  ${each}`),
		'',
		...(url
			? [`The shop: ${url}`]
			: routed
				? [`The shop: ${routed} (if that name does not resolve: npx bodega open -n ${namespace})`]
				: []),
		ready
			? 'Everything is ready.'
			: `Not everything is ready. ${isHere ? 'See why: npx bodega logs' : `Run npx bodega deploy -n ${namespace} to fix it, or to see what is in the way.`}`,
		'',
	].join('\n');
}

const heading = (text: string): string[] => [styleText('bold', text, { stream })];

const size = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

function tellFunction({ name, state, instances, requests, cold_start_ms, url, split }: FunctionStatus): string {
	const told =
		state === 'ready'
			? `${instances} ${instances === 1 ? 'instance' : 'instances'}`
			: state === 'zero'
				? 'at zero'
				: state;
	const shares = Object.entries(split ?? {}).map(([revision, percent]) => `${percent}% ${revision}`);
	const figures = [
		...(requests === undefined ? [] : [`${requests} ${requests === 1 ? 'request' : 'requests'}`.padEnd(16)]),
		...(cold_start_ms === undefined ? [] : [(cold_start_ms === null ? '' : `start ${cold_start_ms} ms`).padEnd(14)]),
	];
	const shown = styleText(colours[state], told.padEnd(14), { stream });
	return `  ${name.padEnd(20)}${shown}${figures.join('')}${[...shares, url ?? ''].join('  ')}`.trimEnd();
}

/** Returns the problems of a shop's database and events that an operator has to look at. */
export const warningsOf = ({ connections, max_connections, dead_letters, unhandled }: Vitals): string[] => [
	...(dead_letters
		? [`${dead_letters} dead letters: an admin can replay or discard them on the page, at /dead-letters`]
		: []),
	...(unhandled > 100 ? [`${unhandled} deliveries are waiting: npx bodega events -f shows for which functions`] : []),
	...(connections > 0.9 * max_connections
		? [`${connections} of ${max_connections} connections to the database are in use`]
		: []),
];
