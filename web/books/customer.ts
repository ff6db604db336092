import { useAccount } from '../api/account.ts';
import { keep, kept } from '../api/kept.ts';
import { Store, useStore } from '../api/store.ts';

const stranger = new Store(kept('customer') ?? '');

export function nameStranger(name: string): void {
	stranger.set(name);
	keep('customer', name.trim() || undefined);
}

export interface Customer {
	/** The account's name, or the typed name, which can be blank. */
	readonly name: string;
	/** Whether it is an account's name. */
	readonly known: boolean;
}

/** Returns the signed-in account's name, else the name typed last; undefined until the account is loaded. */
export function useCustomer(): Customer | undefined {
	const account = useAccount();
	const name = useStore(stranger);
	if (account === undefined) return undefined;
	return account ? { name: account.name, known: true } : { name, known: false };
}
