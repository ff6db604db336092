import { expect, test } from 'vitest';
import type { TracesData } from '../../functions/event-log/api.ts';
import { type ExportedSpan, layOut } from './waterfall.ts';

const span = (
	spanId: string,
	kind: number,
	[start, end]: readonly [number, number],
	more: Partial<ExportedSpan> = {},
): ExportedSpan => ({
	traceId: '0af7651916cd43dd8448eb211c80319c',
	spanId,
	name: spanId,
	kind,
	// Beyond the exact integers of a double.
	startTimeUnixNano: String(1_767_603_600_000_000_000n + BigInt(start * 1e6)),
	endTimeUnixNano: String(1_767_603_600_000_000_000n + BigInt(end * 1e6)),
	attributes: [],
	...more,
});
const of = (service: string, ...spans: ExportedSpan[]): TracesData['resourceSpans'][number] => ({
	resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
	scopeSpans: [{ scope: { name: 'bodega' }, spans }],
});

test('lays HTTP calls, queries and events of all functions on one axis of time, each below its cause', () => {
	const query = { attributes: [{ key: 'db.system.name', value: { stringValue: 'postgresql' } }] };
	const { lines, took } = layOut({
		resourceSpans: [
			of(
				'books-events',
				span('process', 5, [9, 12], { parentSpanId: 'publish', status: { code: 2, message: 'no shelf' } }),
			),
			of(
				'orders',
				span('insert', 3, [3.25, 4], { parentSpanId: 'post', ...query }),
				span('publish', 4, [4, 5], { parentSpanId: 'post' }),
				span('post', 2, [2, 8], { parentSpanId: 'page' }),
			),
			of('orders', span('get', 3, [2.5, 3], { parentSpanId: 'post' })),
		],
	});
	expect(
		lines.map(({ name, service, what, depth, start, took: own }) => [name, service, what, depth, start, own]),
	).toEqual([
		['post', 'orders', 'http', 0, 0, 6],
		['get', 'orders', 'http', 1, 0.5, 0.5],
		['insert', 'orders', 'query', 1, 1.25, 0.75],
		['publish', 'orders', 'event', 1, 2, 1],
		['process', 'books-events', 'event', 2, 7, 3],
	]);
	expect([took, lines.at(-1)?.error]).toEqual([10, 'no shelf']);
	expect(layOut({ resourceSpans: [] })).toEqual({ lines: [], took: 0 });
});
