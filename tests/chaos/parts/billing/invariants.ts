import type { Invoice } from '../../../../functions/billing/api.ts';
import { claimsNothing, type Exchange, outcomeOf } from '../../history.ts';
import type { Invariant, Recorded } from '../../invariants/invariant.ts';

interface State {
	readonly invoices: readonly Invoice[];
}

/** The attempts of each request. The user's number is the request's own. */
const requestsOf = ({ exchanges }: Recorded): Map<number, Exchange[]> =>
	Map.groupBy(
		exchanges.filter(({ fn, operation }) => fn === 'billing' && operation === 'requestInvoice'),
		({ body }) => (body as { user_id: number }).user_id,
	);

const told = (attempts: readonly Exchange[]): string =>
	attempts.map(({ status, error, answer }) => `${status ?? error} ${JSON.stringify(answer)}`).join(', ');

export const invariants: readonly Invariant<State>[] = [
	{
		claim: 'every acknowledged request for an invoice has exactly one, and no other has more',
		violations: (history, { invoices }) => {
			const byUser = Map.groupBy(invoices, ({ user_id }) => user_id);
			return [...requestsOf(history)].flatMap(([user, attempts]) => {
				const ids = (byUser.get(user) ?? []).map(({ id }) => id);
				const promised = attempts
					.filter((attempt) => outcomeOf(attempt) === 'done')
					.map(({ answer }) => (answer as { id: string }).id);
				const isRight = ids.length === 1 ? promised.every((id) => id === ids[0]) : !ids.length && !promised.length;
				return isRight ? [] : `user ${user} was answered ${told(attempts)} and has: ${ids.join(', ') || 'none'}`;
			});
		},
	},
	{
		claim: 'no answer says that nothing was changed when an invoice was requested',
		violations: (history, { invoices }) => {
			const users = new Set(invoices.map(({ user_id }) => user_id));
			return [...requestsOf(history)]
				.filter(([user, attempts]) => users.has(user) && attempts.every(claimsNothing))
				.map(([user, attempts]) => `user ${user} was answered ${told(attempts)} and has an invoice`);
		},
	},
];
