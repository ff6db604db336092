import { csv } from '../../kit/files/csv.ts';
import { implement } from '../../kit/http/http.ts';
import { page } from '../../kit/http/pagination.ts';
import { found } from '../../kit/http/problem.ts';
import { TextBody } from '../../kit/http/text-body.ts';
import { api } from './api.ts';
import { RowOrder } from './row-order.ts';
import * as rows from './rows.ts';
import * as tables from './tables.ts';

export const operations = implement(api, {
	listTables: (_input, { db }) => tables.list(db),

	async readTable({ params, query }, { db }, exchange) {
		const table = found(await tables.find(db, params.table), 'table', params.table);
		const order = new RowOrder(table, query.sort);
		const after = query.after === undefined ? undefined : order.read(query.after);
		const wanted = { order, filters: query.filter, after };
		const onePage = async (limit: number): Promise<rows.Row[]> =>
			page(await rows.list(db, table, wanted, limit + 1), limit, ({ cursor }) => order.write(cursor), exchange);
		const format = query.format ?? (exchange.mediaType === 'text/csv' ? 'csv' : 'json');
		if (format === 'json') return (await onePage(query.limit ?? 100)).map(({ values }) => values);
		const columns = table.columns.map(({ name }) => name);
		const pages = query.limit === undefined ? await rows.all(db, table, wanted) : [await onePage(query.limit)];
		exchange.header('content-disposition', `attachment; filename="${encodeURIComponent(params.table)}.csv"`);
		return new TextBody('text/csv', csv(columns, valuesOf(pages)));
	},
});

async function* valuesOf(pages: AsyncIterable<rows.Row[]> | Iterable<rows.Row[]>) {
	for await (const page of pages) yield page.map(({ values }) => values);
}
