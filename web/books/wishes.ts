import { randomHex } from '../api/send.ts';

/** The name of the keys in the browser's storage of this tab. A reload keeps them, so that it cannot make a second order. */
const name = 'bodega.wishes';

/** Returns the idempotency keys of orders with an unknown outcome, by the order's content. */
function stored(): Record<string, string> {
	try {
		return JSON.parse(sessionStorage.getItem(name) ?? '{}');
	} catch {
		// Some browsers are set to store nothing, and Node has no storage.
		return {};
	}
}

let open = stored();

function store(keys: Record<string, string>): void {
	open = keys;
	try {
		sessionStorage.setItem(name, JSON.stringify(keys));
	} catch {
		// Then a reload forgets the keys.
	}
}

/** Returns the idempotency key of an order. The same content has the same key until the outcome is known. */
export function keyFor(wish: string): string {
	// `crypto.randomUUID` needs https or localhost, and a cluster's address can be neither.
	const key = open[wish] ?? randomHex(16);
	store({ ...open, [wish]: key });
	return key;
}

/** Forgets the key of an order whose outcome is known, so that the same content is a new order. */
export function settle(wish: string): void {
	const { [wish]: _, ...others } = open;
	store(others);
}
