import { setTimeout as after } from 'node:timers/promises';
import { functions } from '../functions/index.ts';
import { clusterLogs, type LogsOptions, traceField } from '../k8s/commands/logs.ts';
import { Failure } from '../k8s/kubectl/failure.ts';
import { targetsOf } from '../kit/declare/declare.ts';
import type { Line } from '../local/service/recent-lines.ts';
import { askControl } from './place/control.ts';
import { choosePlace, type OpenShop, type Where } from './place/place.ts';

/**
 * Prints what the instances of functions have logged, each line after the name of its Service.
 * @param names functions; by default all, and on this machine the broker, Postgres and the rest of the shop too
 * @throws {Failure} 2 when there is no such function, 3 when there is no shop, 5 when there is no log
 */
export async function logs(names: readonly string[], options: LogsOptions & Where, stop: AbortSignal): Promise<void> {
	const unknown = names.find((name) => !functions.some((fn) => fn.name === name));
	if (unknown !== undefined)
		throw new Failure(
			'usage',
			`There is no function "${unknown}". The functions are: ${functions.map(({ name }) => name).join(', ')}.`,
		);
	const place = await choosePlace(options);
	if ('kubectl' in place) await clusterLogs(place.kubectl, names, options, stop);
	else await laptopLogs(place, names, options, stop);
}

async function laptopLogs(
	shop: OpenShop,
	names: readonly string[],
	{ follow, tail, since, trace }: LogsOptions,
	stop: AbortSignal,
): Promise<void> {
	const wanted = new Set(
		functions
			.filter((fn) => names.includes(fn.name))
			.flatMap((fn) => targetsOf(fn))
			.map(({ name }) => name),
	);
	const isWanted = ({ source, time, text }: Line): boolean =>
		(!names.length || wanted.has(source)) &&
		(!since || time >= since.toISOString()) &&
		(!trace || text.includes(traceField(trace)));
	const read = async (number: number): Promise<Line[]> => await askControl(shop, `/lines?after=${number}`, stop);
	const stored = await read(0);
	const found = stored.filter(isWanted);
	if (!found.length && !follow)
		throw new Failure('notReady', 'Nothing was logged, as far as is stored. Run it with -f, and send a request.');
	// The last lines of each source, as of each instance on a cluster.
	const last = [...Map.groupBy(found, ({ source }) => source).values()].flatMap((each) => each.slice(-tail));
	print(last.sort((a, b) => a.number - b.number));
	for (let number = stored.at(-1)?.number ?? 0; follow; ) {
		await after(500, undefined, { signal: stop });
		const lines = await read(number);
		print(lines.filter(isWanted));
		number = lines.at(-1)?.number ?? number;
	}
}

function print(lines: readonly Line[]): void {
	for (const { source, text } of lines) process.stdout.write(`${source} | ${text}\n`);
}
