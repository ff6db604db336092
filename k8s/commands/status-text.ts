import { styleText } from 'node:util';
import { eventTypeOf } from '../../eventing/catalog/catalog.ts';
import { functions as declarations } from '../../functions/index.ts';
import { withRole } from '../../kit/declare/declare.ts';
import type { Readiness } from '../cluster/readiness.ts';
import type { Vitals } from '../cluster/vitals.ts';
import type { Finding } from './doctor.ts';

export interface FunctionStatus {
	readonly name: string;
	readonly state: 'zero' | 'ready' | 'not ready';
	readonly instances: number;
	/** Its public URL, unless it is cluster-local. */
	readonly url?: string;
	/** The share of its requests that each revision gets, in percent, if there are several revisions. */
	readonly split?: Readonly<Record<string, number>>;
}

export interface Status {
	readonly namespace: string;
	readonly ready: boolean;
	readonly cluster: readonly Finding[];
	readonly functions: readonly FunctionStatus[];
	readonly database?: Vitals;
	readonly objects: readonly Readiness[];
	readonly problems: readonly string[];
}

const stream = process.stdout;
const colours = { zero: 'dim', ready: 'green', 'not ready': 'red' } as const;

export function statusText({ namespace, ready, cluster, functions, database, objects, problems }: Status): string {
	const count = (kind: string): string => {
		const all = objects.filter((object) => object.kind === kind);
		return `${all.filter((object) => object.ready).length} of ${all.length} ready`;
	};
	const notOk = cluster.filter(({ state }) => state !== 'ok');
	const shop = functions.find(({ name }) => name === withRole('gateway', declarations).name)?.url;
	return [
		...heading('Cluster'),
		...cluster.filter(({ state }) => state === 'ok').map(({ name, found }) => `  ${name.padEnd(20)}${found}`),
		...heading(`Functions in ${namespace}`),
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
		...(shop ? [`The shop: ${shop} (if that name does not resolve: npx bodega open)`] : []),
		ready
			? 'Everything is ready.'
			: 'Not everything is ready. Run npx bodega deploy to fix it, or to see what is in the way.',
		'',
	].join('\n');
}

const heading = (text: string): string[] => [styleText('bold', text, { stream })];

const size = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

function tellFunction({ name, state, instances, url, split }: FunctionStatus): string {
	const told =
		state === 'ready'
			? `${instances} ${instances === 1 ? 'instance' : 'instances'}`
			: state === 'zero'
				? 'at zero'
				: state;
	const shares = Object.entries(split ?? {}).map(([revision, percent]) => `${percent}% ${revision}`);
	return `  ${name.padEnd(20)}${styleText(colours[state], told.padEnd(14), { stream })}${[...shares, url ?? ''].join('  ')}`.trimEnd();
}
