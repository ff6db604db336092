import type { FunctionState } from '../functions/info/api.ts';
import { make, say } from './dom.ts';

const words = { zero: 'at zero', starting: 'starting', ready: 'ready' } satisfies Record<
	FunctionState['state'],
	string
>;

/** One Knative Service of a function as a window: dark, flickering or lit. */
export class Pane {
	readonly element: HTMLLIElement;
	readonly #state = make('strong');
	readonly #instances = make('span', { className: 'instances' });
	readonly #requests = make('span');
	readonly #coldStart = make('span');

	constructor({ name, signature }: FunctionState) {
		this.element = make(
			'li',
			{ className: 'window', title: name },
			make('span', { className: 'target' }, signature === 'http' ? 'HTTP' : 'events'),
			make('span', { className: 'state' }, this.#state, this.#instances),
			this.#requests,
			this.#coldStart,
		);
	}

	update({ state, instances, requests, cold_start_ms }: FunctionState): void {
		this.element.dataset.state = state;
		say(this.#state, words[state]);
		say(this.#instances, instances ? `, ${instances} up` : '');
		say(this.#requests, requests === 1 ? '1 request' : `${requests.toLocaleString('en')} requests`);
		say(
			this.#coldStart,
			cold_start_ms === null ? '' : `cold start ${Math.round(cold_start_ms).toLocaleString('en')} ms`,
		);
	}
}
