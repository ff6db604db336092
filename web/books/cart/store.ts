import { keep, kept } from '../../api/kept.ts';
import { Store } from '../../api/store.ts';
import { type CartLine, readLines } from './lines.ts';

/** The cart of this browser. It survives a reload, and all tabs share it. */
export const cart = new Store<readonly CartLine[]>(readLines(kept('cart')));

cart.follow(() => keep('cart', cart.value.length ? JSON.stringify(cart.value) : undefined));
addEventListener('storage', ({ key, newValue }) => {
	if (key === 'bodega.cart') cart.set(readLines(newValue ?? undefined));
});
