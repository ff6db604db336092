import * as z from 'zod';
import { type Destination, destination } from './destination.ts';
import { parseDuration } from './duration.ts';

/** How events are delivered to one subscriber. */
export interface Delivery {
	/** Attempts after the first one. */
	retry: number;
	/** Milliseconds to wait after attempt `n` failed; the first attempt is 0. */
	backoff(n: number): number;
	/** Time limit of one attempt in milliseconds, response body included; undefined means no limit. */
	timeout: number | undefined;
	deadLetterSink: Destination | undefined;
}

const duration = z.string().transform((text, context) => {
	const milliseconds = parseDuration(text);
	if (milliseconds !== undefined) return milliseconds;
	context.addIssue('expected an ISO 8601 duration such as PT0.2S');
	return z.NEVER;
});

const spec = z.strictObject({
	retry: z
		.int('expected a whole number')
		.min(0, 'expected 0 or more')
		.max(2 ** 31 - 1, 'expected 32 bits')
		.optional(),
	backoffPolicy: z.enum(['linear', 'exponential'], 'expected linear or exponential').optional(),
	backoffDelay: duration.optional(),
	timeout: duration
		.refine((milliseconds) => milliseconds !== 0, 'expected at least PT0.1S: Knative reads tenths of a second')
		// Knative accepts a negative one, and Go's HTTP client then has none.
		.transform((milliseconds) => (milliseconds > 0 ? milliseconds : undefined))
		.optional(),
	deadLetterSink: destination.optional(),
	format: z.literal('binary', 'expected binary: the local broker delivers in no other mode').optional(),
	// Knative's webhook also rejects it unless its feature flag is on. Without it, Retry-After is ignored.
	retryAfterMax: z.undefined('remove it: retryAfterMax is an alpha feature of Knative').optional(),
});

/** `spec.delivery` of a manifest. As in Knative, `retry` defaults to 0 and a wait needs both policy and delay. */
export const deliverySpec = spec.transform(
	({ retry = 0, backoffPolicy, backoffDelay = 0, timeout, deadLetterSink }): Delivery => ({
		retry,
		backoff(n) {
			// Knative's retries.go numbers the waits from 0, so the linear policy's first retry is immediate.
			if (backoffPolicy === 'linear') return Math.max(0, backoffDelay * n);
			return backoffPolicy === 'exponential' ? Math.max(0, backoffDelay * 2 ** n) : 0;
		},
		timeout,
		deadLetterSink,
	}),
);

/** The delivery of a Broker without `spec.delivery` (Knative's ConfigMap config-br-defaults). */
export const defaultDelivery: Delivery = deliverySpec.parse({
	retry: 10,
	backoffPolicy: 'exponential',
	backoffDelay: 'PT0.2S',
});
