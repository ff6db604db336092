import * as z from 'zod';
import { destination } from './destination.ts';
import { parseDuration } from './duration.ts';

/** How events get to one subscriber: attempts, waits between them, and where an event goes that could not be delivered. */
export interface Delivery {
	/** Attempts after the first one. */
	retry: number;
	/** Milliseconds to wait after attempt `n` failed; the first attempt is 0. */
	backoff(n: number): number;
	/** Milliseconds one attempt may take, its answer's body included; undefined is for ever. */
	timeout: number | undefined;
	deadLetterSink: string | undefined;
}

const duration = z.string().transform((text, context) => {
	const milliseconds = parseDuration(text);
	if (milliseconds !== undefined) return milliseconds;
	context.addIssue('wanted an ISO 8601 duration such as PT0.2S');
	return z.NEVER;
});

const spec = z.strictObject({
	retry: z.int('wanted a whole number').min(0, 'wanted 0 or more').optional(),
	backoffPolicy: z.enum(['linear', 'exponential'], 'wanted linear or exponential').optional(),
	backoffDelay: duration.optional(),
	timeout: duration
		.refine((milliseconds) => milliseconds > 0, 'wanted at least PT0.1S: Knative reads tenths of a second')
		.optional(),
	deadLetterSink: destination.optional(),
	format: z.literal('binary', 'wanted binary, the only mode that the local broker delivers in').optional(),
	// Knative's webhook refuses it too unless its feature flag is on, and without it Retry-After is not heeded.
	retryAfterMax: z.undefined('wanted nothing here: retryAfterMax is an alpha feature of Knative').optional(),
});

/** `spec.delivery` of a Broker or a Trigger. A missing `retry` is none, and a wait needs both policy and delay, as in Knative. */
export const deliverySpec = spec.transform(
	({ retry = 0, backoffPolicy, backoffDelay = 0, timeout, deadLetterSink }): Delivery => ({
		retry,
		backoff(n) {
			// Knative's retries.go numbers the waits from 0, so the linear policy's first retry is immediate.
			if (backoffPolicy === 'linear') return backoffDelay * n;
			return backoffPolicy === 'exponential' ? backoffDelay * 2 ** n : 0;
		},
		timeout,
		deadLetterSink,
	}),
);

/** What a Broker without `spec.delivery` is given (Knative's ConfigMap config-br-defaults). */
export const defaultDelivery: Delivery = deliverySpec.parse({
	retry: 10,
	backoffPolicy: 'exponential',
	backoffDelay: 'PT0.2S',
});
