import { randomUUID } from 'node:crypto';
import type { Dispatcher } from 'undici';
import * as z from 'zod';
import type { Outcome } from './delivery/attempt.ts';
import { destination } from './delivery/destination.ts';
import type { Event } from './event/event.ts';
import { normalTime } from './event/timestamp.ts';
import { consoleLog, type Log } from './log.ts';
import { ManifestError, metadata, parseObject } from './manifest/objects.ts';
import { Schedule } from './schedule.ts';

const manifest = z.looseObject({
	metadata,
	spec: z
		.strictObject({
			schedule: z
				.string('expected a cron schedule')
				.optional()
				.transform((schedule) => schedule || '* * * * *'),
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
		.refine(({ data, dataBase64 }) => data === undefined || dataBase64 === undefined, 'expected data or dataBase64')
		.refine(
			({ contentType, data }) => contentType !== 'application/json' || !data || isJsonObject(data),
			'expected data that is a JSON object, as Knative does for application/json',
		),
});

function isJsonObject(text: string): boolean {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && !Array.isArray(value);
	} catch {
		return false;
	}
}

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
/** Time limit of one attempt in milliseconds. Knative has none. */
const timeout = 60_000;
/** The longest wait, in milliseconds, until the clock is looked at again: a laptop's timers stop while it sleeps. */
const longest = 60_000;

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
	let client: Dispatcher | undefined;
	const stopped = new AbortController();
	const { signal } = stopped;
	const send = async (ping: PingSource): Promise<void> => {
		// Loaded with the first ping, because the HTTP client takes 51 ms of the start of a shop.
		const [{ attemptOneWay, isFailure }, { persist }, { createClient }] = await Promise.all([
			import('./delivery/attempt.ts'),
			import('./delivery/persist.ts'),
			import('./delivery/post.ts'),
		]);
		client ??= createClient();
		const event = pingEvent(ping, now());
		const to = ping.spec.sink;
		const about = { pingSource: nameOf(ping), sink: to.shown };
		const post = { client, to, timeout, signal };
		const once = async (): Promise<Outcome> => {
			const outcome = await attemptOneWay(event, post);
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
	const jobs = sources.map(readPing).map((ping) => ({ name: nameOf(ping), job: new Job(ping, () => send(ping)) }));
	return {
		next: () => new Map(jobs.map(({ name, job }) => [name, job.next])),
		stop() {
			if (signal.aborted) return;
			for (const { job } of jobs) job.stop();
			stopped.abort(new Error('stopped'));
			void client?.close();
		},
	};
}

const nameOf = ({ metadata }: PingSource): string => `${metadata.namespace}/${metadata.name}`;

function readPing(source: object): PingSource {
	const ping = parseObject(manifest, { file: 'pings', apiVersion: '', kind: 'PingSource', content: { ...source } });
	scheduleOf(ping); // validates the schedule before any PingSource starts
	return ping;
}

/** @throws ManifestError if the schedule or time zone is invalid */
function scheduleOf(ping: PingSource): Schedule {
	const { schedule, timezone } = ping.spec;
	try {
		return new Schedule(schedule, timezone);
	} catch (error) {
		const found = timezone === undefined ? `"${schedule}"` : `"${schedule}" in the time zone "${timezone}"`;
		throw new ManifestError(
			`pings: PingSource ${nameOf(ping)}: spec.schedule: found ${found}, expected a cron schedule: ${(error as Error).message}`,
		);
	}
}

/** Runs something on a PingSource's schedule. */
class Job {
	readonly #schedule: Schedule;
	readonly #fire: () => void;
	#timer: NodeJS.Timeout | undefined;
	/** The next run in milliseconds since 1970, or undefined for never. */
	#next: number | undefined;

	constructor(ping: PingSource, fire: () => void) {
		this.#schedule = scheduleOf(ping);
		this.#fire = fire;
		this.#plan(Date.now());
	}

	get next(): Date | null {
		return this.#next === undefined ? null : new Date(this.#next);
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.#next = undefined;
	}

	#plan(after: number): void {
		this.#next = this.#schedule.next(after);
		if (this.#next !== undefined) this.#wait(this.#next, performance.now() + this.#next - Date.now());
	}

	/** Waits until the clock shows `next`, or until `due` on the monotonic clock if the other is set back meanwhile. */
	#wait(next: number, due: number): void {
		const left = Math.min(due - performance.now(), next - Date.now());
		if (left > 0) {
			this.#timer = setTimeout(() => this.#wait(next, due), Math.min(left, longest));
			return;
		}
		this.#fire();
		// The two clocks differ by parts of a millisecond, so this can be just before `next`.
		const now = Date.now();
		this.#plan(now < next && next - now < 1000 ? next : now);
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
		['time', normalTime(time.toISOString()) ?? ''],
		...Object.entries(ceOverrides?.extensions ?? {}),
	]);
	// As in Knative, an event without data has no content type.
	if (bytes.length > 0 && contentType !== undefined) attributes.set('datacontenttype', contentType);
	return { attributes, data: bytes };
}
