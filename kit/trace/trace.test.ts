import { expect, test } from 'vitest';
import { currentTrace, traced, traceparent } from './trace.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

test('continues a given trace under a new span id', () => {
	traced(`00-${traceId}-${spanId}-01`, '/a', () => {
		expect(traceparent()).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
		expect(traceparent()).not.toContain(spanId);
		expect(currentTrace()?.path).toBe('/a');
	});
	expect(currentTrace()).toBeUndefined();
});

test.each([
	undefined,
	'',
	'nonsense',
	`00-${'0'.repeat(32)}-${spanId}-01`,
	`00-${traceId}-${'0'.repeat(16)}-01`,
	`00-${traceId.toUpperCase()}-${spanId}-01`,
	`00-${traceId}-${spanId}`,
])('starts a new trace when the traceparent is %j', (given) => {
	traced(given, '/', () => {
		expect(currentTrace()?.traceId).toMatch(/^[0-9a-f]{32}$/);
		expect(currentTrace()?.traceId).not.toBe(traceId);
	});
});

test('separates the traces of concurrent requests', async () => {
	const seen = await Promise.all(
		['a', 'b'].map((path) =>
			traced(undefined, path, async () => {
				await new Promise(setImmediate);
				return [currentTrace()?.path, currentTrace()?.traceId] as const;
			}),
		),
	);
	expect(seen.map(([path]) => path)).toEqual(['a', 'b']);
	expect(seen[0]?.[1]).not.toBe(seen[1]?.[1]);
});
