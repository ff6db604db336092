import * as z from 'zod';
import { catalog } from '../../eventing/catalog/catalog.ts';
import type { Definition } from '../../eventing/catalog/definition.ts';

const loan = { loan_id: 1, title_id: 1, reader: 'Ada', copies: 2 };
const Loan = z
	.object({
		...{ loan_id: z.int(), title_id: z.int(), reader: z.string(), copies: z.int() },
		account_id: z.uuid().optional(),
	})
	.meta({ id: 'Loan', examples: [loan] });
const Fine = z.object({ loan_id: z.int(), amount: z.string() }).meta({ examples: [{ loan_id: 1, amount: '0.50' }] });
const [loans, fines] = [
	{ version: 1, subject: 'public', data: Loan },
	{ version: 1, subject: 'private', data: Fine },
] as const;

/** The event types of the library, the functions that tests use. */
const types = {
	'loan.requested': { ...loans, summary: 'A reader asked for copies of a title.' },
	'copy.reserved': { ...loans, summary: 'The copies of a loan were taken from the shelf.' },
	'copy.missing': { ...loans, summary: 'A loan is for more copies than the shelf has.' },
	'fine.requested': { ...fines, summary: 'A fine without a loan was requested.' },
	'fine.issued': { ...fines, summary: 'The deposit of a loan was noted.' },
} as const satisfies Record<string, Definition>;

declare module '../../eventing/catalog/catalog.ts' {
	interface Catalog extends Readonly<typeof types> {}
}

Object.assign(catalog, types);
