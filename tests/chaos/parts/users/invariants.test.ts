import { expect, test } from 'vitest';
import type { Exchange } from '../../history.ts';
import { judge } from '../../invariants/invariant.ts';
import { invariants } from './invariants.ts';

const signUp = (email: string, status: number, detail = ''): Exchange => ({
	...{ client: 'Joy', fn: 'users', operation: 'signUp', method: 'POST', path: '/api/users', headers: {}, sent: 0 },
	...{ body: { email, password: 'a password' }, ended: 1, status, answer: { detail } },
});

const violations = (exchange: Exchange, able: readonly string[]): number =>
	judge(invariants, { exchanges: [exchange], faults: [], at: Date.parse }, { able: new Set(able) }).flatMap(
		(verdict) => verdict.violations,
	).length;

test.each<[what: string, exchange: Exchange, canSignIn: boolean, found: number]>([
	['accepts an account that can sign in', signUp('ada', 201), true, 0],
	['accepts either after an unknown outcome', signUp('ada', 503), true, 0],
	['accepts either after an unknown outcome', signUp('ada', 503), false, 0],
	['finds a lost account', signUp('ada', 201), false, 1],
	['finds an account whose sign-up was refused', signUp('ada', 429), true, 1],
	[
		'finds an account whose sign-up changed nothing, as the answer said',
		signUp('ada', 503, 'Nothing was changed.'),
		true,
		1,
	],
])('%s', (_what, exchange, canSignIn, found) => {
	expect(violations(exchange, canSignIn ? ['ada'] : [])).toBe(found);
});
