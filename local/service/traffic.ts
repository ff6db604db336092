import { Histogram } from '../../database/metrics/histogram.ts';
import { OutcomeCounter } from '../../kit/serve/outcomes.ts';
import type { Finished } from '../../kit/serve/passed.ts';

/** Metrics that the activator and the queue-proxies of a Service record about its requests, with the same labels. */
export class Traffic {
	/** Durations measured by the client, including the wait for an instance. */
	readonly requests = new Histogram();
	/** Durations measured by the instance. */
	readonly invocations = new Histogram();
	/** The same durations in finer buckets, for the observer. */
	readonly outcomes = new OutcomeCounter();
	readonly revision: string;
	readonly #service: string;
	queued = 0;
	active = 0;

	constructor(revision: string, service: string) {
		this.revision = revision;
		this.#service = service;
	}

	/** Counts a request. `start` marks the end of its wait, `end` its response, with the status if there was one. */
	arrive(method: string) {
		const arrived = performance.now();
		let started: number | undefined;
		this.queued += 1;
		const start = (): void => {
			if (started !== undefined) return;
			started = performance.now();
			this.queued -= 1;
			this.active += 1;
		};
		return {
			start,
			end: (status: number | undefined): void => {
				start();
				this.active -= 1;
				if (status === undefined) return;
				const now = performance.now();
				this.#answered(method, status, [(now - arrived) / 1000], [(now - (started ?? now)) / 1000]);
			},
		};
	}

	/** Counts requests that did not go through the activator. */
	reported(finished: readonly Finished[]): void {
		for (const { method, status, microseconds } of finished) {
			const seconds = microseconds.map((each) => each / 1e6);
			if (status !== undefined) this.#answered(method, status, seconds, seconds);
		}
	}

	/** @param requests the seconds since the arrival of each request, and `invocations` since an instance has it */
	#answered(method: string, status: number, requests: readonly number[], invocations: readonly number[]): void {
		const labels = { kn_service_name: this.#service, kn_revision_name: this.revision };
		const answered = { ...labels, http_response_status_code: status };
		this.requests.observe({ ...answered, http_request_method: method }, ...requests);
		this.invocations.observe(answered, ...invocations);
		for (const seconds of invocations) this.outcomes.add(status, seconds * 1000);
	}
}
