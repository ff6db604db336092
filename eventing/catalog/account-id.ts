import * as z from 'zod';

/** The account of an order, in each event that follows from it. The event log shows such an event's subject to that account. */
export const AccountId = z
	.uuid()
	.optional()
	.describe('The account that placed the order; absent if the customer was not signed in.');
