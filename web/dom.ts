/** The element there must be one of. */
export function element<Found extends HTMLElement>(selector: string, within: ParentNode = document): Found {
	const found = within.querySelector<Found>(selector);
	if (!found) throw new Error(`The page has no ${selector}.`);
	return found;
}

/** Makes an element with properties (`className`, `htmlFor`, ...) and what is in it; text stays text, whatever it holds. */
export function make<Name extends keyof HTMLElementTagNameMap>(
	name: Name,
	properties: Partial<HTMLElementTagNameMap[Name]> = {},
	...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
	const made = Object.assign(document.createElement(name), properties);
	made.append(...children);
	return made;
}

/** Sets the text if it is another, so that a live region speaks only when there is something new. */
export function say(target: HTMLElement, text: string): void {
	if (target.textContent !== text) target.textContent = text;
}

/** Puts the children in this order, moving only those out of place: a moved element would lose its focus. */
export function arrange(parent: HTMLElement, children: readonly HTMLElement[]): void {
	const wanted = new Set<Element>(children);
	for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
	for (const [index, child] of children.entries()) {
		const there = parent.children[index];
		if (there !== child) parent.insertBefore(child, there ?? null);
	}
}

const announcements = element('#announcements');

/** Tells those who listen to the page instead of looking at it. */
export const announce = (text: string): void => say(announcements, text);
