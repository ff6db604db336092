import { describe, expect, test } from 'vitest';
import { compileFilter, type Dialect } from './filter.ts';

const event = {
	attributes: new Map([
		['specversion', '1.0'],
		['id', '1'],
		['source', '/functions/loans'],
		['type', 'dev.bodega.loan.requested'],
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
		[{ type: 'dev.bodega.loan.requested' }, true],
		[{ type: 'dev.bodega.loan' }, false],
		[{ type: 'dev.bodega.loan.requested', tenant: 'blue' }, true],
		[{ type: 'dev.bodega.loan.requested', tenant: 'red' }, false],
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

const loan: Dialect = { prefix: { type: 'dev.bodega.loan.' } };
const red: Dialect = { exact: { tenant: 'red' } };

describe('filters', () => {
	test.each<[string, Dialect[], boolean]>([
		['exact', [{ exact: { type: 'dev.bodega.loan.requested', tenant: 'blue' } }], true],
		['exact with one different value', [{ exact: { type: 'dev.bodega.loan.requested', tenant: 'red' } }], false],
		['prefix', [loan], true],
		['another prefix', [{ prefix: { type: 'bodega' } }], false],
		['suffix', [{ suffix: { type: '.requested' } }], true],
		['another suffix', [{ suffix: { type: '.place' } }], false],
		['several filters, which must all pass', [loan, red], false],
		['all that pass', [{ all: [loan, { suffix: { type: 'requested' } }] }], true],
		['all with one failure', [{ all: [loan, red] }], false],
		['any with one pass', [{ any: [red, loan] }], true],
		['any without a pass', [{ any: [red, { exact: { tenant: 'green' } }] }], false],
		['not of a failure', [{ not: red }], true],
		['not of a pass', [{ not: loan }], false],
		['not of not', [{ not: { not: loan } }], true],
		['nested', [{ all: [loan, { any: [red, { not: { exact: { subject: 'x' } } }] }] }], true],
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
		expect(compileFilter({ tenant: 'red' }, [loan])(event)).toBe(true);
		expect(compileFilter({ tenant: 'blue' }, [red])(event)).toBe(false);
		expect(compileFilter({ tenant: 'red' }, [])(event)).toBe(false);
	});
});
