import { useAccount } from '../api/account.ts';
import { keep, kept } from '../api/kept.ts';
import { Store, useStore } from '../api/store.ts';

const stranger = new Store(kept('customer') ?? '');

export function nameStranger(name: string): void {
	stranger.set(name);
	keep('customer', name.trim() || undefined);
}

export interface Customer {
	/** What was typed, or the account's name; it may be blank. */
	readonly name: string;
	/** Whether it is the name of an account. */
	readonly known: boolean;
}

/** Who orders: the account that is signed in, else the name that was given once; undefined until that is known. */
export function useCustomer(): Customer | undefined {
	const account = useAccount();
	const name = useStore(stranger);
	if (account === undefined) return undefined;
	return account ? { name: account.name, known: true } : { name, known: false };
}
