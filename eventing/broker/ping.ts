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
			// Knative's cron has an optional field of seconds in front, and @hourly and the like.
			schedule: z.string('wanted a cron schedule').default('* * * * *'),
			timezone: z.string('wanted an IANA time zone').optional(),
			contentType: z.string('wanted a media type').optional(),
			data: z.string('wanted a string').optional(),
			dataBase64: z.base64('wanted base64').optional(),
			sink: destination,
			ceOverrides: z
				.strictObject({
					extensions: z.record(
						z.string().regex(/^[a-z0-9]+$/, 'wanted an attribute name'),
						z.string('wanted a string'),
					),
				})
				.optional(),
		})
		.refine(({ data, dataBase64 }) => data === undefined || dataBase64 === undefined, 'wanted data or dataBase64'),
});

type PingSource = z.output<typeof manifest>;

export interface PingOptions {
	/** The time that events say they are of; the clock's if not given. */
	now?: () => Date;
	/** Where failed and lost pings are told; standard output if not given. */
	log?: Log;
}

/** PingSources that fire. */
export interface Pings {
	/** When each fires next, by `namespace/name`; null is never. */
	next(): Map<string, Date | null>;
	/** Fires no more, and gives up what is still being sent. */
	stop(): void;
}

/** The retries of Knative's PingSource (mtping/runner.go): five, after 100 ms, 200 ms and so on, all within a minute. */
const retry = 5;
const backoff = (n: number): number => 50 * 2 ** (n + 1);
/** The statuses it sends again after, fewer than a broker's (CloudEvents SDK for Go, protocol/http). */
const retried = new Set([404, 413, 425, 429, 502, 503, 504]);

/**
 * Fires PingSources (`sources.knative.dev/v1`) as Knative does, but at once where that waits a random half second first.
 * A ping that cannot be sent is logged and lost.
 *
 * @param sources manifests, parsed; each has `sink.uri`
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
	const pings = sources.map((source) => readPing(source));
	const jobs = pings.map((ping) => ({ name: nameOf(ping), cron: schedule(ping, () => send(ping)) }));
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
	schedule(ping).stop(); // before any of them fires, see that each can
	return ping;
}

/** @throws ManifestError if schedule or time zone cannot be used. */
function schedule(ping: PingSource, fire?: () => Promise<void>): Cron {
	const { schedule: pattern, timezone } = ping.spec;
	try {
		const options = { mode: '5-or-6-parts' as const, ...(timezone === undefined ? {} : { timezone }) };
		return new Cron(pattern, options, fire ?? (() => {}));
	} catch (error) {
		const found = timezone === undefined ? `"${pattern}"` : `"${pattern}" in the time zone "${timezone}"`;
		throw new ManifestError(
			`pings: PingSource ${nameOf(ping)}: spec.schedule: found ${found}, wanted cron: ${(error as Error).message}`,
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
	// As in Knative, the content type is that of the data: without data there is none.
	if (bytes.length > 0 && contentType !== undefined) attributes.set('datacontenttype', contentType);
	return { attributes, data: bytes };
}
