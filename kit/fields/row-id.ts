import * as z from 'zod';
import { integer } from './numeral.ts';

/** The id of a row, in a path or a query: `integer` in the database. */
export const RowId = integer(1, 2_147_483_647);
export const rowParams = z.object({ id: RowId.meta({ examples: [1] }) });
