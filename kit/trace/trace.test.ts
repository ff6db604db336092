import { expect, test } from 'vitest';
import { currentTrace, traced, traceparent, within } from './trace.ts';

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

test.each(['00', '01', '02', 'fe'])('keeps whether a trace is recorded, with the flags %j', (flags) => {
	const sampled = flags === '01';
	traced(`00-${traceId}-${spanId}-${flags}`, '/', () => {
		expect(traceparent()).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-${sampled ? '01' : '00'}$`));
		within((step) => expect([step.sampled, traceparent().slice(-2)]).toEqual([sampled, sampled ? '01' : '00']));
	});
});

test.each([`01-${traceId}-${spanId}-01`, `cc-${traceId}-${spanId}-01-and-more`, `fe-${traceId}-${spanId}-01-`])(
	'continues the trace of a later version: %j',
	(given) => traced(given, '/', () => expect(traceparent()).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`))),
);

test.each([
	undefined,
	'',
	'nonsense',
	`ff-${traceId}-${spanId}-01`,
	`00-${traceId}-${spanId}-01-more`,
	`00-${traceId}-${spanId}-01-`,
	`00-${traceId}-${spanId}-011`,
	`01-${traceId}-${spanId}-01more`,
	`01-${traceId}-${spanId}-01-x, 01-${traceId}-${spanId}-01`,
	`00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
	`00-${traceId}-${spanId}-0G`,
	`0-${traceId}-${spanId}-01`,
	` 00-${traceId}-${spanId}-01`,
	`00_${traceId}_${spanId}_01`,
	`00-${'0'.repeat(32)}-${spanId}-01`,
	`00-${traceId}-${'0'.repeat(16)}-01`,
	`00-${traceId.toUpperCase()}-${spanId}-01`,
	`00-${traceId}-${spanId}`,
])('starts a new trace when the traceparent is %j', (given) => {
	traced(given, '/', () => {
		expect(currentTrace()?.traceId).toMatch(/^[0-9a-f]{32}$/);
		expect(currentTrace()?.traceId).not.toBe(traceId);
		expect([currentTrace()?.parentId, traceparent().slice(-3)]).toEqual([undefined, '-01']);
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
