import { Store, useStore } from '../api/store.ts';

const said = new Store('');

/** Has screen readers read a text aloud. */
export const announce = (text: string): void => said.set(text);

export function Announcements() {
	return (
		<p className="unseen" role="status">
			{useStore(said)}
		</p>
	);
}
