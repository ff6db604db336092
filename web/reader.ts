import { get, Problem } from './api.ts';
import { element, say } from './dom.ts';

/** Milliseconds between reads when nothing hurries. */
const gentle = 5_000;

/**
 * Reads a list for a section of the page: when told to, and by itself as long as it is wanted and seen. What goes wrong is
 * said in the section, and tried again until it goes well.
 */
export class Reader<List> {
	readonly #path: string;
	readonly #section: HTMLElement;
	readonly #show: (list: List) => number | undefined;
	readonly #failed: () => void;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#reading = false;
	#again = false;
	#failures = 0;
	#watchful = false;

	/** @param show answers with the milliseconds until the next read; without any there is none until `now` */
	constructor(
		path: string,
		section: HTMLElement,
		show: (list: List) => number | undefined,
		failed: () => void = () => {},
	) {
		this.#path = path;
		this.#section = section;
		this.#show = show;
		this.#failed = failed;
		document.addEventListener('visibilitychange', () => this.now());
		window.addEventListener('focus', () => this.now());
		window.addEventListener('online', () => this.now());
		this.now();
	}

	now(): void {
		clearTimeout(this.#timer);
		// Not while nobody looks: coming back to the tab reads at once.
		if (document.hidden) return;
		if (this.#reading) this.#again = true;
		else void this.#read();
	}

	/** Whether to read every few seconds where there would be no further read: nobody else tells of what is new. */
	watch(on: boolean): void {
		const begins = on && !this.#watchful;
		this.#watchful = on;
		if (begins) this.now();
	}

	async #read(): Promise<void> {
		this.#reading = true;
		let wait: number | undefined;
		do {
			this.#again = false;
			wait = await this.#once();
		} while (this.#again && !document.hidden);
		this.#reading = false;
		if (wait !== undefined && !document.hidden) this.#timer = setTimeout(() => this.now(), wait);
	}

	async #once(): Promise<number | undefined> {
		const note = element('.problem', this.#section);
		let list: List;
		try {
			list = await get<List>(this.#path);
		} catch (error) {
			this.#failures++;
			this.#failed();
			// A lost connection is said once, for the whole page.
			say(note, error instanceof Problem ? `${error.message} This list comes back by itself.` : '');
			return Math.min(500 * 2 ** this.#failures, 8_000);
		}
		// Something has happened since it was asked for: what came is old already.
		if (this.#again) return undefined;
		this.#failures = 0;
		say(note, '');
		this.#section.removeAttribute('aria-busy');
		return this.#show(list) ?? (this.#watchful ? gentle : undefined);
	}
}
