import * as z from 'zod';

const Attribute = z.object({
	key: z.string(),
	value: z.object({ stringValue: z.string().optional(), intValue: z.string().optional() }),
});

const ExportedSpan = z.object({
	traceId: z.string(),
	spanId: z.string(),
	parentSpanId: z.string().optional(),
	name: z.string(),
	kind: z.int().describe('`SpanKind`: 1 internal, 2 server, 3 client, 4 producer, 5 consumer.'),
	startTimeUnixNano: z.string().regex(/^\d{1,20}$/),
	endTimeUnixNano: z.string().regex(/^\d{1,20}$/),
	attributes: z.array(Attribute),
	status: z.object({ code: z.int(), message: z.string() }).optional(),
});

/** Spans as `otlp.ts` exports them: `TracesData` of OTLP in JSON (opentelemetry/proto/trace/v1). */
export const TracesData = z
	.object({
		resourceSpans: z.array(
			z.object({
				resource: z.object({ attributes: z.array(Attribute) }),
				scopeSpans: z.array(z.object({ scope: z.object({ name: z.string() }), spans: z.array(ExportedSpan) })),
			}),
		),
	})
	.meta({
		id: 'TracesData',
		examples: [
			{
				resourceSpans: [
					{
						resource: { attributes: [{ key: 'service.name', value: { stringValue: 'cups' } }] },
						scopeSpans: [
							{
								scope: { name: 'bodega' },
								spans: [
									{
										traceId: '0af7651916cd43dd8448eb211c80319c',
										spanId: 'b7ad6b7169203331',
										name: 'GET /api/cups',
										kind: 2,
										startTimeUnixNano: '1767603600000000000',
										endTimeUnixNano: '1767603600012000000',
										attributes: [{ key: 'http.response.status_code', value: { intValue: '200' } }],
									},
								],
							},
						],
					},
				],
			},
		],
	});
export type TracesData = z.output<typeof TracesData>;
