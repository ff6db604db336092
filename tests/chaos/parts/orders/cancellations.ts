import { claimsNothing, type Exchange, outcomeOf } from '../../history.ts';
import type { Invariant, Recorded } from '../../invariants/invariant.ts';
import type { State } from './state.ts';

/** The attempts to cancel each order. */
const attemptsOf = ({ exchanges }: Recorded): Map<number, Exchange[]> =>
	Map.groupBy(
		exchanges.filter(({ fn, operation }) => fn === 'orders' && operation === 'cancelOrder'),
		({ path }) => Number(path.split('/').at(-1)),
	);

const told = (attempts: readonly Exchange[]): string =>
	attempts.map(({ ended, status, error }) => `${Math.round(ended)} ms: ${status ?? error}`).join(', ') || 'nobody';

/** The promises about cancelled orders. That they have no invoice is one about all orders, and one about the stock is in stock.ts. */
export const invariants: readonly Invariant<State>[] = [
	{
		claim: 'an acknowledged cancellation holds, and a refused one has no effect',
		violations: (history, { orders }) => {
			const byId = new Map(orders.map((order) => [order.id, order.status]));
			return [...attemptsOf(history)].flatMap(([id, attempts]) => {
				const outcomes = attempts.map(outcomeOf);
				const isCancelled = byId.get(id) === 'cancelled';
				const isRight = isCancelled ? !outcomes.includes('refused') : !outcomes.includes('done');
				return isRight ? [] : `order ${id} is ${byId.get(id)}; cancelled at ${told(attempts)}`;
			});
		},
	},
	{
		claim: 'no order is cancelled unless a request can have done it',
		violations: (history, { orders }) => {
			const attempts = attemptsOf(history);
			return orders
				.filter(({ status }) => status === 'cancelled')
				.filter(({ id }) => (attempts.get(id) ?? []).every(claimsNothing))
				.map(({ id }) => `order ${id} is cancelled, by ${told(attempts.get(id) ?? [])}`);
		},
	},
];
