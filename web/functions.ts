import type { FunctionState } from '../functions/info/api.ts';
import { arrange, element, make, say } from './dom.ts';
import { Pane } from './pane.ts';
import { Reader } from './reader.ts';

const pause = 1_500;

interface Listener {
	/** These Services have handled events since the last look. */
	handled(names: ReadonlySet<string>): void;
	/** Whether the states of the functions can be had at all. */
	telling(told: boolean): void;
}

/** The functions side by side, each with a window for what answers HTTP and one for what reacts to events. */
export class Functions {
	readonly #section: HTMLElement;
	readonly #listener: Listener;
	readonly #houses = new Map<string, HTMLElement>();
	readonly #panes = new Map<string, Pane>();
	readonly #requests = new Map<string, number>();

	constructor(section: HTMLElement, listener: Listener) {
		this.#section = section;
		this.#listener = listener;
		new Reader<FunctionState[]>(
			'/api/functions',
			section,
			(states) => this.#show(states),
			() => listener.telling(false),
		);
	}

	#show(states: readonly FunctionState[]): number {
		const groups = Map.groupBy(states, (state) => state.function);
		const street = element('.street', this.#section);
		const hint = element('.hint', street);
		arrange(street, [...[...groups].map(([name, targets]) => this.#house(name, targets)), hint]);
		// On a narrow screen the street is to be walked along, with the arrow keys too.
		street.tabIndex = street.scrollWidth > street.clientWidth ? 0 : -1;
		const up = [...groups.values()].filter((targets) => targets.some(({ state }) => state !== 'zero')).length;
		say(element('.summary', this.#section), `${up} of ${groups.size} functions up`);
		this.#listener.telling(true);
		this.#tellHandled(states);
		return pause;
	}

	#house(name: string, targets: readonly FunctionState[]): HTMLElement {
		let house = this.#houses.get(name);
		if (!house) {
			house = make('li', { className: 'house' }, make('h3', {}, name), make('ul', { className: 'windows' }));
			if (targets[0]) house.title = targets[0].purpose;
			this.#houses.set(name, house);
		}
		arrange(
			element('.windows', house),
			targets.map((target) => this.#pane(target).element),
		);
		return house;
	}

	#pane(target: FunctionState): Pane {
		const pane = this.#panes.get(target.name) ?? new Pane(target);
		this.#panes.set(target.name, pane);
		pane.update(target);
		return pane;
	}

	#tellHandled(states: readonly FunctionState[]): void {
		const handled = new Set<string>();
		for (const { name, signature, requests } of states) {
			const before = this.#requests.get(name);
			// Another number, not a greater one: the count starts anew with what counts.
			if (signature === 'cloudevent' && before !== undefined && before !== requests) handled.add(name);
			this.#requests.set(name, requests);
		}
		if (handled.size) this.#listener.handled(handled);
	}
}
