import { type Event, encoding, type Headers, InvalidEvent, readEvent } from '../event/event.ts';
import { type Answer, NoAnswer, type Post, post } from './post.ts';

/** The failure details that a dead letter carries. */
export interface ErrorInfo {
	destination: string;
	code: number;
	body: Buffer;
}

/** A failed attempt. */
export interface Failure {
	/** HTTP status of the response, if one arrived. */
	status?: number;
	reason: string;
	retryable: boolean;
	/** Undefined where Knative reports no details; see `attempt`. */
	info?: ErrorInfo;
}

/** A successful attempt, with the reply event if the response carried one. */
export interface Success {
	reply?: { event: Event; headers: Headers };
}

export type Outcome = Success | Failure;

export const isFailure = (outcome: Outcome): outcome is Failure => 'reason' in outcome;

/**
 * Reports whether Knative retries after this status (retries.go, SelectiveRetry). Redirects have already been followed.
 */
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

/** Delivers once to a destination whose reply is ignored, such as a dead letter sink. Any 2xx response is a success. */
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
 * A 2xx response must be empty or a CloudEvent, the reply (knative/specs data-plane.md, "Derived (Reply) Events"). Any
 * other body counts as a 502. A dead letter carries no details of that 502 or of a timeout: in Knative's broker the
 * channel takes the error data from the filter's response, and here the filter sends none (event_dispatcher.go,
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
		return body.length === 0 ? {} : noEvent('the response body is not a CloudEvent');
	}
	try {
		return { reply: { event: readEvent(headers, body), headers } };
	} catch (error) {
		if (!(error instanceof InvalidEvent)) throw error;
		return noEvent(`the response is an invalid CloudEvent: ${error.message}`);
	}
}
