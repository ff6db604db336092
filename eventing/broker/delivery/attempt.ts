import { InvalidEvent } from '../event/attributes.ts';
import { type Event, encoding, type Headers, readEvent } from '../event/event.ts';
import { type Answer, NoAnswer, type Post, post } from './post.ts';

/** The failure details that a dead letter carries. */
export interface ErrorInfo {
	destination: string;
	code: number;
	body: Buffer;
}

export interface Failure {
	/** HTTP status of the response, if one arrived. */
	status?: number;
	reason: string;
	retryable: boolean;
	/** Undefined where Knative reports no details; see `attempt`. */
	info?: ErrorInfo;
}

/** A success, with the event in the response if there was one, or a failure. */
export type Outcome = { reply?: { event: Event; headers: Headers } } | Failure;

export const isFailure = (outcome: Outcome): outcome is Failure => 'reason' in outcome;

/** Whether Knative retries after this status; redirects have been followed (retries.go, SelectiveRetry). */
export const isRetryable = (status: number): boolean => status >= 500 || [404, 408, 409, 429].includes(status);

/** Delivers once to a destination whose reply is ignored, such as a dead letter sink. Any 2xx response is a success. */
export const attemptOneWay = (event: Event, request: Post): Promise<Outcome> => once(event, request, () => ({}));

/**
 * Delivers to a subscriber once.
 * A 2xx response must be empty or a CloudEvent, the reply (knative/specs data-plane.md, "Derived (Reply) Events"). Any
 * other body counts as a 502. A dead letter carries no details of that 502 or of a timeout: in Knative's broker the
 * channel takes the error data from the filter's response, and here the filter sends none (event_dispatcher.go,
 * dispatchExecutionInfoTransformers).
 */
export const attempt = (event: Event, request: Post): Promise<Outcome> => once(event, request, replyOf);

async function once(event: Event, request: Post, successOf: (answer: Answer) => Outcome): Promise<Outcome> {
	const destination = request.to.shown;
	try {
		const answer = await post(event, request);
		const { status, body } = answer;
		if (status >= 200 && status < 300) return successOf(answer);
		const info = { destination, code: status, body };
		return { status, reason: `answered ${status}`, retryable: isRetryable(status), info };
	} catch (error) {
		if (!(error instanceof NoAnswer)) throw error;
		const failure: Failure = { reason: error.message, retryable: true };
		if (!error.unreachable) return failure;
		return { ...failure, info: { destination, code: 500, body: Buffer.from(`dispatch error: ${error.message}`) } };
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

/** Maximum length of the error data in base64 characters (attributes.go, KnativeErrorDataExtensionMaxLength). */
const errorDataLength = 1024;

/**
 * Returns the attributes of a dead letter. Those that the event already has stay, for example when a dead letter is published again.
 */
export function errorAttributes({ attributes }: Event, { destination, code, body }: ErrorInfo): Record<string, string> {
	const own = {
		knativeerrordest: destination,
		knativeerrorcode: String(code),
		knativeerrordata: body.toString('base64').slice(0, errorDataLength),
	};
	return Object.fromEntries(Object.entries(own).map(([name, value]) => [name, attributes.get(name) || value]));
}
