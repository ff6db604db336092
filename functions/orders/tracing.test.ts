import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Shop } from '../../tests/command.ts';
import { buildBundles, root } from '../../tests/copy.ts';
import { listen } from '../../tests/testing.ts';

vi.setConfig({ testTimeout: 120_000 });

interface OtlpSpan {
	readonly traceId: string;
	readonly spanId: string;
	readonly parentSpanId?: string;
	readonly name: string;
	readonly kind: number;
	readonly startTimeUnixNano: string;
	readonly endTimeUnixNano: string;
}
interface Exported {
	readonly resourceSpans: readonly {
		readonly resource: { readonly attributes: readonly { key: string; value: { stringValue: string } }[] };
		readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
	}[];
}

/** Starts a stand-in for an OTLP collector that records the spans it receives. */
async function collector(): Promise<{ url: string; spans: (OtlpSpan & { service: string })[] }> {
	const spans: (OtlpSpan & { service: string })[] = [];
	const server = createServer(async (req, res) => {
		const sent = JSON.parse((await req.setEncoding('utf8').toArray()).join('')) as Exported;
		expect([req.url, req.headers['content-type']]).toEqual(['/v1/traces', 'application/json']);
		for (const { resource, scopeSpans } of sent.resourceSpans) {
			const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
			spans.push(...scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, service }))));
		}
		res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
	});
	return { url: await listen(server), spans };
}

test('an order is one trace, from the page’s request to the SQL statements and events of every function involved', async () => {
	const { url, spans } = await collector();
	await buildBundles();
	const data = mkdtempSync(join(tmpdir(), 'bodega-tracing-'));
	onTestFinished(() => rmSync(data, { recursive: true, force: true, maxRetries: 5 }));
	const shop = await Shop.open(root, data, ['--port', '0'], { env: { OTEL_EXPORTER_OTLP_ENDPOINT: url } });
	onTestFinished(async () => void (await shop.end('SIGINT')));
	const [traceId, page] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
	const answer = await shop.fetch('/api/orders', {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			prefer: 'wait=20',
			traceparent: `00-${traceId}-${page}-01`,
		},
		body: JSON.stringify({ customer_name: 'Ada', lines: [{ book_id: 1, quantity: 1 }] }),
	});
	expect((await answer.json()) as object).toMatchObject({ status: 'completed' });

	const own = () => spans.filter((span) => span.traceId === traceId);
	/** Returns the path from the page down to a span, as a list of `service: name`. */
	const wayOf = (span: OtlpSpan & { service: string }): string[] => {
		const parent = own().find(({ spanId }) => spanId === span.parentSpanId);
		const step = `${span.service}: ${span.name}`;
		return [...(parent ? wayOf(parent) : [span.parentSpanId === page ? 'page' : 'nobody']), step];
	};
	const ways = (): string[] => own().map((span) => wayOf(span).join(' > '));
	const order = 'page > gateway: POST /api/orders > orders: POST /api/orders';
	const stock = `${order} > orders: publish dev.bodega.order.placed > books-events: POST /books-on-order-placed > books-events: process dev.bodega.order.placed`;
	const invoice = `${stock} > books-events: publish dev.bodega.stock.reserved > billing-events: POST /billing-on-stock-reserved > billing-events: process dev.bodega.stock.reserved`;
	const done = `${invoice} > billing-events: publish dev.bodega.invoice.issued > orders-events: POST /orders-on-invoice-issued > orders-events: process dev.bodega.invoice.issued`;
	await expect
		.poll(ways, { timeout: 20_000, interval: 200 })
		.toEqual(
			expect.arrayContaining([
				`${order} > orders: GET books > books: GET /api/books > books: SELECT`,
				`${order} > orders: INSERT`,
				`${stock} > books-events: publish dev.bodega.stock.reserved > books-events: WITH`,
				`${invoice} > billing-events: INSERT`,
				`${done} > orders-events: UPDATE`,
			]),
		);
	expect(ways().filter((way) => way.includes('nobody'))).toEqual([]);
	for (const { startTimeUnixNano, endTimeUnixNano, kind } of own()) {
		expect(BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano)).toBe(true);
		expect(kind).toBeGreaterThan(0);
	}
});
