import { Histogram } from '../../database/metrics/histogram.ts';

/** A request on its way through the activator. */
export interface Passing {
	/** It waits no longer: there is an instance for it, or none can be had. */
	start(): void;
	/** It is over, with the answer's status, if it was answered. */
	end(status: number | undefined): void;
}

/** What the activator and the queue-proxies of a Service would count of its requests, by the labels that they use. */
export class Traffic {
	/** As the caller has it, the wait for an instance included. */
	readonly requests = new Histogram();
	/** As the instance has it. */
	readonly invocations = new Histogram();
	readonly revision: string;
	readonly #service: string;
	queued = 0;
	active = 0;

	constructor(revision: string, service: string) {
		this.revision = revision;
		this.#service = service;
	}

	arrive(method: string): Passing {
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
			end: (status) => {
				start();
				this.active -= 1;
				if (status === undefined) return;
				const now = performance.now();
				const labels = { kn_service_name: this.#service, kn_revision_name: this.revision };
				const answered = { ...labels, http_response_status_code: status };
				this.requests.observe({ ...answered, http_request_method: method }, (now - arrived) / 1000);
				this.invocations.observe(answered, (now - (started ?? now)) / 1000);
			},
		};
	}
}
