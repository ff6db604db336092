import { element, say } from './dom.ts';

const key = 'bodega.customer';

/** Who is ordering: asked once, in the header, and remembered by the browser. */
export class Customer {
	readonly #input: HTMLInputElement;
	readonly #note: HTMLElement;
	#askedFor: HTMLElement | undefined;

	constructor(form: HTMLElement) {
		this.#input = element('input', form);
		this.#note = element('.problem', form);
		this.#input.value = remembered();
		this.#input.addEventListener('input', () => this.#known());
		form.addEventListener('submit', (event) => {
			event.preventDefault();
			if (this.name) this.#askedFor?.focus();
		});
	}

	get name(): string {
		return this.#input.value.trim();
	}

	/** Asks for the name; Enter leads back to where it was needed. */
	ask(from: HTMLElement): void {
		this.#askedFor = from;
		this.#input.setAttribute('aria-invalid', 'true');
		say(this.#note, 'Your name first, please. Then order again.');
		this.#input.focus();
	}

	#known(): void {
		if (this.name) {
			this.#input.removeAttribute('aria-invalid');
			say(this.#note, '');
		}
		try {
			localStorage.setItem(key, this.name);
		} catch {
			// A browser that keeps nothing asks again the next time.
		}
	}
}

function remembered(): string {
	try {
		return localStorage.getItem(key) ?? '';
	} catch {
		return '';
	}
}
