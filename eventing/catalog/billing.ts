import * as z from 'zod';
import { AccountId } from './account-id.ts';
import type { Definition } from './definition.ts';
import { Money } from './money.ts';

const invoice_id = '0198c0de-0000-7000-8000-000000000001';

export const billing = {
	'billing.requested': {
		summary: 'An invoice without an order was requested.',
		version: 1,
		subject: 'private',
		data: z
			.object({ invoice_id: z.uuid(), user_id: z.int(), number_of_items: z.int(), total_amount: Money })
			.meta({ examples: [{ invoice_id, user_id: 3, number_of_items: 5, total_amount: '180.00' }] }),
	},
	'invoice.issued': {
		summary: 'An invoice was issued.',
		version: 1,
		subject: 'private',
		data: z
			.object({ invoice_id: z.uuid(), order_id: z.int().nullable(), total_amount: Money, account_id: AccountId })
			.meta({ examples: [{ invoice_id, order_id: 1, total_amount: '59.98' }] }),
	},
	'invoice.voided': {
		summary: 'The invoice of an order became void, because the order was cancelled before it was completed.',
		version: 1,
		subject: 'private',
		data: z
			.object({ invoice_id: z.uuid(), order_id: z.int(), account_id: AccountId })
			.meta({ examples: [{ invoice_id, order_id: 1 }] }),
	},
} as const satisfies Record<string, Definition>;
