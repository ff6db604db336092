import { Store, useStore } from '../api/store.ts';

const said = new Store('');

/** Tells those who listen to the page instead of looking at it. */
export const announce = (text: string): void => said.set(text);

export function Announcements() {
	return (
		<p className="unseen" role="status">
			{useStore(said)}
		</p>
	);
}
