import * as z from 'zod';
import { catalog } from '../../eventing/catalog/catalog.ts';
import type { Definition } from '../../eventing/catalog/definition.ts';

const loan = { loan_id: 1, title_id: 1, reader: 'Ada', copies: 2 };
const Loan = z
	.object({ loan_id: z.int(), title_id: z.int(), reader: z.string(), copies: z.int() })
	.meta({ id: 'Loan', examples: [loan] });
const Fine = z.object({ loan_id: z.int(), amount: z.string() }).meta({ examples: [{ loan_id: 1, amount: '0.50' }] });

/** The event types of the library, the functions that tests use. */
const types = {
	'loan.requested': { summary: 'A reader asked for copies of a title.', version: 1, data: Loan },
	'copy.reserved': { summary: 'The copies of a loan were taken from the shelf.', version: 1, data: Loan },
	'copy.missing': { summary: 'A loan is for more copies than the shelf has.', version: 1, data: Loan },
	'fine.requested': { summary: 'A fine without a loan was requested.', version: 1, data: Fine },
	'fine.issued': { summary: 'The deposit of a loan was noted.', version: 1, data: Fine },
} as const satisfies Record<string, Definition>;

declare module '../../eventing/catalog/catalog.ts' {
	interface Catalog extends Readonly<typeof types> {}
}

Object.assign(catalog, types);
