import * as z from 'zod';

/** The id of a row, in a path or a query: `integer` in the database. */
export const RowId = z.coerce.number().int().min(1).max(2_147_483_647);
export const rowParams = z.object({ id: RowId.meta({ examples: [1] }) });
