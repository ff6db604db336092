import { describe, expect, test } from 'vitest';
import { compileFilter, type Dialect } from './filter.ts';

const event = {
	attributes: new Map([
		['specversion', '1.0'],
		['id', '1'],
		['source', '/functions/orders'],
		['type', 'dev.bodega.order.placed'],
		['time', '2026-01-01T00:00:00Z'],
		['datacontenttype', 'application/json; charset=utf-8'],
		['tenant', 'blue'],
		['empty', ''],
	]),
	data: Buffer.alloc(0),
};

describe('filter.attributes', () => {
	test.each<[Record<string, string>, boolean]>([
		[{}, true],
		[{ type: 'dev.bodega.order.placed' }, true],
		[{ type: 'dev.bodega.order' }, false],
		[{ type: 'dev.bodega.order.placed', tenant: 'blue' }, true],
		[{ type: 'dev.bodega.order.placed', tenant: 'red' }, false],
		[{ type: '' }, true],
		[{ tenant: '' }, true],
		[{ absent: '' }, false],
		[{ subject: '' }, false],
		[{ empty: '' }, false],
		[{ absent: 'x' }, false],
		[{ constructor: '' }, false],
	])('%j selects the event: %s', (wanted, passes) => {
		expect(compileFilter(wanted)(event)).toBe(passes);
	});
});

const order: Dialect = { prefix: { type: 'dev.bodega.order.' } };
const red: Dialect = { exact: { tenant: 'red' } };

describe('filters', () => {
	test.each<[string, Dialect[], boolean]>([
		['exact', [{ exact: { type: 'dev.bodega.order.placed', tenant: 'blue' } }], true],
		['exact with one different value', [{ exact: { type: 'dev.bodega.order.placed', tenant: 'red' } }], false],
		['prefix', [order], true],
		['another prefix', [{ prefix: { type: 'bodega' } }], false],
		['suffix', [{ suffix: { type: '.placed' } }], true],
		['another suffix', [{ suffix: { type: '.place' } }], false],
		['several filters, which must all pass', [order, red], false],
		['all that pass', [{ all: [order, { suffix: { type: 'placed' } }] }], true],
		['all with one failure', [{ all: [order, red] }], false],
		['any with one pass', [{ any: [red, order] }], true],
		['any without a pass', [{ any: [red, { exact: { tenant: 'green' } }] }], false],
		['not of a failure', [{ not: red }], true],
		['not of a pass', [{ not: order }], false],
		['not of not', [{ not: { not: order } }], true],
		['nested', [{ all: [order, { any: [red, { not: { exact: { subject: 'x' } } }] }] }], true],
		['a missing extension', [{ prefix: { absent: 'x' } }], false],
		['not of a missing extension', [{ not: { exact: { absent: 'x' } } }], true],
		['the media type', [{ exact: { datamediatype: 'application/json' } }], true],
		['an empty value, which is ignored', [{ exact: { type: '' } }], true],
		['not of an empty value, which is ignored', [{ not: { exact: { type: '' } } }], true],
		['an empty object, which is ignored', [{}], true],
	])('%s: %j select the event: %s', (_, filters, passes) => {
		expect(compileFilter(undefined, filters)(event)).toBe(passes);
	});

	test('filters override filter.attributes', () => {
		expect(compileFilter({ tenant: 'red' }, [order])(event)).toBe(true);
		expect(compileFilter({ tenant: 'blue' }, [red])(event)).toBe(false);
		expect(compileFilter({ tenant: 'red' }, [])(event)).toBe(false);
	});
});
