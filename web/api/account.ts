import type { User } from '../../functions/users/api.ts';
import { useAnswer } from './query.ts';
import { signedIn } from './session.ts';
import { useStore } from './store.ts';

/** Returns the signed-in account, null if nobody is signed in, or undefined while that is unknown. */
export function useAccount(): User | null | undefined {
	const state = useStore(signedIn);
	const { data } = useAnswer('GET /api/users/me', undefined, { enabled: () => signedIn.value !== 'no' });
	return state === 'no' ? null : data;
}

export const isAdmin = (account: User | null | undefined): boolean => account?.roles.includes('admin') ?? false;
