import { type Event, encoding, type Headers, InvalidEvent, readEvent } from '../event/event.ts';
import { type Answer, NoAnswer, type Post, post } from './post.ts';

/** What the dead letter sink is told of a failure. */
export interface ErrorInfo {
	destination: string;
	code: number;
	body: Buffer;
}

/** A failed attempt. */
export interface Failure {
	/** HTTP status of the answer, if there was one. */
	status?: number;
	reason: string;
	retryable: boolean;
	/** Missing where Knative has nothing to tell; see `attempt`. */
	info?: ErrorInfo;
}

/** A successful attempt, with the event that was answered. */
export interface Success {
	reply?: { event: Event; headers: Headers };
}

export type Outcome = Success | Failure;

export const isFailure = (outcome: Outcome): outcome is Failure => 'reason' in outcome;

/** Statuses Knative sends again after (retries.go, SelectiveRetry); redirects have been followed by then. */
export const isRetryable = (status: number): boolean => status >= 500 || [404, 408, 409, 429].includes(status);

function failureOf(url: string, { status, body }: Answer): Failure {
	return {
		status,
		reason: `answered ${status}`,
		retryable: isRetryable(status),
		info: { destination: url, code: status, body },
	};
}

function failureWithout(url: string, error: unknown): Failure {
	if (!(error instanceof NoAnswer)) throw error;
	const failure: Failure = { reason: error.message, retryable: true };
	if (!error.unreachable) return failure;
	return { ...failure, info: { destination: url, code: 500, body: Buffer.from(`dispatch error: ${error.message}`) } };
}

const isGood = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** Delivers once to where no reply is wanted, such as a dead letter sink: any 2xx will do, whatever it says. */
export async function attemptOneWay(event: Event, request: Post): Promise<Outcome> {
	try {
		const answer = await post(event, request);
		return isGood(answer) ? {} : failureOf(request.url, answer);
	} catch (error) {
		return failureWithout(request.url, error);
	}
}

/**
 * Delivers to a subscriber once.
 *
 * A 2xx answer is to be empty or a CloudEvent, the reply (knative/specs data-plane.md, "Derived (Reply) Events"); else it
 * counts as a 502. Of that 502, and of a time-out, the dead letter sink learns nothing: in the real broker the channel takes
 * the error's data out of what the filter answered, and there the filter answers nothing (event_dispatcher.go,
 * dispatchExecutionInfoTransformers).
 */
export async function attempt(event: Event, request: Post): Promise<Outcome> {
	try {
		const answer = await post(event, request);
		return isGood(answer) ? replyOf(answer) : failureOf(request.url, answer);
	} catch (error) {
		return failureWithout(request.url, error);
	}
}

function replyOf({ headers, body }: Answer): Outcome {
	const noEvent = (reason: string): Failure => ({ status: 502, reason, retryable: true });
	if (encoding(headers) === undefined) {
		return body.length === 0 ? {} : noEvent('answered with a body that is no CloudEvent');
	}
	try {
		return { reply: { event: readEvent(headers, body), headers } };
	} catch (error) {
		if (!(error instanceof InvalidEvent)) throw error;
		return noEvent(`answered with a CloudEvent that cannot be read: ${error.message}`);
	}
}
