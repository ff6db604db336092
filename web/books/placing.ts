import { useMutation } from '@tanstack/react-query';
import { ask } from '../api/ask.ts';
import type { Sent } from '../api/endpoints.ts';
import { isPassing } from '../api/problem.ts';
import { addRecent } from '../orders/recent.ts';
import { keyFor, settle } from './wishes.ts';

type Wish = NonNullable<Sent<'POST /api/orders'>['body']>;

/**
 * Places orders. A customer who presses again after a lost response still orders only once. A temporary failure is
 * retried up to three times; meanwhile `failureReason` is the error.
 */
export const usePlacing = () =>
	useMutation({
		mutationFn: (wish: Wish) =>
			ask('POST /api/orders', { headers: { 'idempotency-key': keyFor(JSON.stringify(wish)) }, body: wish }),
		retry: (failures, error) => failures < 3 && isPassing(error),
		retryDelay: (failures) => 1000 * 2 ** failures,
		onSuccess: addRecent,
		onSettled: (_order, error, wish) => {
			if (!isPassing(error)) settle(JSON.stringify(wish));
		},
	});
