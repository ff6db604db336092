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
	])('%j: %s', (wanted, passes) => {
		expect(compileFilter(wanted)(event)).toBe(passes);
	});
});

const order: Dialect = { prefix: { type: 'dev.bodega.order.' } };
const red: Dialect = { exact: { tenant: 'red' } };

describe('filters', () => {
	test.each<[string, Dialect[], boolean]>([
		['exact', [{ exact: { type: 'dev.bodega.order.placed', tenant: 'blue' } }], true],
		['exact that differs in one', [{ exact: { type: 'dev.bodega.order.placed', tenant: 'red' } }], false],
		['prefix', [order], true],
		['prefix that does not fit', [{ prefix: { type: 'bodega' } }], false],
		['suffix', [{ suffix: { type: '.placed' } }], true],
		['suffix that does not fit', [{ suffix: { type: '.place' } }], false],
		['several are ANDed', [order, red], false],
		['all', [{ all: [order, { suffix: { type: 'placed' } }] }], true],
		['all but one', [{ all: [order, red] }], false],
		['any', [{ any: [red, order] }], true],
		['any of none', [{ any: [red, { exact: { tenant: 'green' } }] }], false],
		['not', [{ not: red }], true],
		['not what it is', [{ not: order }], false],
		['not of not', [{ not: { not: order } }], true],
		['nested', [{ all: [order, { any: [red, { not: { exact: { subject: 'x' } } }] }] }], true],
		['an extension that is missing', [{ prefix: { absent: 'x' } }], false],
		['not an extension that is missing', [{ not: { exact: { absent: 'x' } } }], true],
		['the media type', [{ exact: { datamediatype: 'application/json' } }], true],
		['an empty value is no filter', [{ exact: { type: '' } }], true],
		['nor is its opposite', [{ not: { exact: { type: '' } } }], true],
		['an empty object is no filter', [{}], true],
	])('%s', (_, filters, passes) => {
		expect(compileFilter(undefined, filters)(event)).toBe(passes);
	});

	test('override filter.attributes', () => {
		expect(compileFilter({ tenant: 'red' }, [order])(event)).toBe(true);
		expect(compileFilter({ tenant: 'blue' }, [red])(event)).toBe(false);
		expect(compileFilter({ tenant: 'red' }, [])(event)).toBe(false);
	});
});
