import { Store } from '../api/store.ts';

type Touring = 'off' | 'on' | 'left';

/** The name in the storage of this tab. */
const name = 'bodega.touring';

function stored(): Touring {
	try {
		const value = sessionStorage.getItem(name);
		return value === 'on' || value === 'left' ? value : 'off';
	} catch {
		// Some browsers are set to store nothing, and Node has no storage.
		return 'off';
	}
}

/** Whether the guided tour is on the page, or was left and can be continued. A reload of the tab keeps it. */
export const touring = new Store<Touring>(stored());

/** Whether the tour was on the page before this load. */
export const wasTouring = touring.value === 'on';

touring.follow(() => {
	try {
		sessionStorage.setItem(name, touring.value);
	} catch {
		// Then a reload ends the tour.
	}
});
