import { randomUUID } from 'node:crypto';
import { Cron } from 'croner';
import * as z from 'zod';
import { attemptOneWay, isFailure, type Outcome } from './delivery/attempt.ts';
import { destination } from './delivery/destination.ts';
import { persist } from './delivery/persist.ts';
import { createClient } from './delivery/post.ts';
import type { Event } from './event/event.ts';
import { consoleLog, type Log } from './log.ts';
import { ManifestError, metadata, parseObject } from './manifest/objects.ts';

const manifest = z.looseObject({
	metadata,
	spec: z
		.strictObject({
			// Knative's cron accepts an optional seconds field in front, and macros such as @hourly.
			schedule: z.string('expected a cron schedule').default('* * * * *'),
			timezone: z.string('expected an IANA time zone').optional(),
			contentType: z.string('expected a media type').optional(),
			data: z.string('expected a string').optional(),
			dataBase64: z.base64('expected base64').optional(),
			sink: destination,
			ceOverrides: z
				.strictObject({
					extensions: z.record(
						z.string().regex(/^[a-z0-9]+$/, 'expected an attribute name'),
						z.string('expected a string'),
					),
				})
				.optional(),
		})
		.refine(({ data, dataBase64 }) => data === undefined || dataBase64 === undefined, 'expected data or dataBase64'),
});

type PingSource = z.output<typeof manifest>;

export interface PingOptions {
	/** Returns the time to put into events. Default: the system clock. */
	now?: () => Date;
	/** Receives failed and lost pings. Default: standard output. */
	log?: Log;
}

export interface Pings {
	/** Returns each PingSource's next run by `namespace/name`; null means never. */
	next(): Map<string, Date | null>;
	/** Stops the schedules and aborts pings in progress. */
	stop(): void;
}

/** The retries of Knative's PingSource (mtping/runner.go): after 100 ms, 200 ms and so on, all within a minute. */
const retry = 5;
const backoff = (n: number): number => 50 * 2 ** (n + 1);
/** Knative's PingSource retries after fewer statuses than a broker (CloudEvents SDK for Go, protocol/http). */
const retried = new Set([404, 413, 425, 429, 502, 503, 504]);

/**
 * Sends the events of PingSources (`sources.knative.dev/v1`) on schedule. Unlike Knative, it does not first wait a
 * random half second. A ping that cannot be sent is logged and lost.
 * @param sources parsed manifests, each with `sink.uri`
 * @throws ManifestError if one of them is malformed
 */
export function startPings(
	sources: readonly object[],
	{ now = () => new Date(), log = consoleLog }: PingOptions = {},
): Pings {
	const client = createClient();
	const stopped = new AbortController();
	const { signal } = stopped;
	const send = async (ping: PingSource): Promise<void> => {
		const event = pingEvent(ping, now());
		const url = ping.spec.sink;
		const about = { pingSource: nameOf(ping), sink: url };
		const once = async (): Promise<Outcome> => {
			const outcome = await attemptOneWay(event, { client, url, signal });
			if (!isFailure(outcome) || outcome.status === undefined) return outcome;
			return { ...outcome, retryable: retried.has(outcome.status) };
		};
		await persist(once, {
			retry,
			backoff,
			signal,
			onFailure: ({ status, reason }, attempt, retryInMs) => {
				const last = retryInMs === undefined;
				const what = { ...about, attempt, attempts: retry + 1, status, error: reason, retryInMs };
				log({ severity: last ? 'ERROR' : 'WARNING', message: last ? 'ping lost' : 'ping failed', ...what });
			},
		}).catch((error: unknown) => {
			if (!signal.aborted) log({ severity: 'ERROR', message: 'ping lost', ...about, error: String(error) });
		});
	};
	const jobs = sources.map(readPing).map((ping) => ({ name: nameOf(ping), cron: schedule(ping, () => send(ping)) }));
	return {
		next: () => new Map(jobs.map(({ name, cron }) => [name, cron.nextRun()])),
		stop() {
			if (signal.aborted) return;
			for (const { cron } of jobs) cron.stop();
			stopped.abort(new Error('stopped'));
			void client.close();
		},
	};
}

const nameOf = ({ metadata }: PingSource): string => `${metadata.namespace}/${metadata.name}`;

function readPing(source: object): PingSource {
	const ping = parseObject(manifest, { file: 'pings', apiVersion: '', kind: 'PingSource', content: { ...source } });
	schedule(ping).stop(); // validates the schedule before any PingSource starts
	return ping;
}

/** Schedules a PingSource. @throws ManifestError if the schedule or time zone is invalid. */
function schedule(ping: PingSource, fire?: () => Promise<void>): Cron {
	const { schedule: pattern, timezone } = ping.spec;
	try {
		const options = { mode: '5-or-6-parts' as const, ...(timezone === undefined ? {} : { timezone }) };
		return new Cron(pattern, options, fire ?? (() => {}));
	} catch (error) {
		const found = timezone === undefined ? `"${pattern}"` : `"${pattern}" in the time zone "${timezone}"`;
		throw new ManifestError(
			`pings: PingSource ${nameOf(ping)}: spec.schedule: found ${found}, expected a cron schedule: ${(error as Error).message}`,
		);
	}
}

function pingEvent({ metadata, spec }: PingSource, time: Date): Event {
	const { contentType, data = '', dataBase64, ceOverrides } = spec;
	const bytes = dataBase64 === undefined ? Buffer.from(data) : Buffer.from(dataBase64, 'base64');
	const attributes = new Map([
		['specversion', '1.0'],
		['id', randomUUID()],
		['type', 'dev.knative.sources.ping'],
		['source', `/apis/v1/namespaces/${metadata.namespace}/pingsources/${metadata.name}`],
		['time', time.toISOString()],
		...Object.entries(ceOverrides?.extensions ?? {}),
	]);
	// As in Knative, an event without data has no content type.
	if (bytes.length > 0 && contentType !== undefined) attributes.set('datacontenttype', contentType);
	return { attributes, data: bytes };
}
