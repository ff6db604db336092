import { claimsNothing, outcomeOf } from '../../history.ts';
import type { Invariant } from '../../invariants/invariant.ts';

export interface Credentials {
	readonly email: string;
	readonly password: string;
}

interface State {
	/** The addresses that can sign in with the password of their sign-up. */
	readonly able: ReadonlySet<string>;
}

export const invariants: readonly Invariant<State>[] = [
	{
		claim: 'everyone who has signed up can sign in, and nobody whose sign-up was refused or changed nothing',
		violations: ({ exchanges }, { able }) =>
			exchanges
				.filter(({ fn, operation }) => fn === 'users' && operation === 'signUp')
				.flatMap((signUp) => {
					const { email } = signUp.body as Credentials;
					const outcome = claimsNothing(signUp) ? 'refused' : outcomeOf(signUp);
					if (outcome === 'unknown' || (outcome === 'done') === able.has(email)) return [];
					return `${email} was answered ${signUp.status} and ${able.has(email) ? 'can' : 'cannot'} sign in`;
				}),
	},
];
