import { describe, expect, test } from 'vitest';
import { binaryHeaders, check, readEvent } from './event.ts';

const binary = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/s', 'ce-type': 't' };
const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
const required = { specversion: '1.0', id: '1', source: '/s', type: 't' };

const read = (headers: Record<string, string>, body = ''): ReturnType<typeof readEvent> => {
	const event = readEvent(headers, Buffer.from(body));
	check(event);
	return event;
};
const readJson = (members: object | string) =>
	read(structured, typeof members === 'string' ? members : JSON.stringify(members));

describe('binary mode', () => {
	test('reads extensions, bytes and content type unchanged', () => {
		const { attributes, data } = read(
			{ ...binary, 'content-type': 'text/plain; charset=x', 'ce-myext': 'a b%20' },
			'\0ä',
		);
		expect(Object.fromEntries(attributes)).toEqual({
			...required,
			datacontenttype: 'text/plain; charset=x',
			myext: 'a b%20',
		});
		expect(data).toEqual(Buffer.from('\0ä'));
	});

	test('forwards UTF-8 bytes of a header unchanged', () => {
		const sent = Buffer.from('café').toString('latin1');
		const event = read({ ...binary, 'ce-subject': sent });
		expect(event.attributes.get('subject')).toBe('café');
		expect(binaryHeaders(event)['ce-subject']).toBe(sent);
	});

	test('accepts CloudEvents 0.3', () => {
		expect(read({ ...binary, 'ce-specversion': '0.3' }).attributes.get('specversion')).toBe('0.3');
	});

	test.each<[string, Record<string, string>]>([
		['an empty id', { 'ce-id': '' }],
		['an empty source', { 'ce-source': '' }],
		['an empty type', { 'ce-type': '' }],
		['another version', { 'ce-specversion': '2.0' }],
		['an invalid time', { 'ce-time': 'yesterday' }],
		['a source that is not a URI', { 'ce-source': '/a%zz' }],
		['a source whose first segment has a colon', { 'ce-source': '1:2' }],
		['a relative dataschema', { 'ce-dataschema': '/schema' }],
		['an invalid media type', { 'content-type': 'text/' }],
		['a name with a dash', { 'ce-my-ext': 'x' }],
		['datacontenttype as an extension', { 'ce-datacontenttype': 'text/plain' }],
		['a batch', { 'content-type': 'application/cloudevents-batch+json' }],
	])('rejects %s', (_, headers) => {
		expect(() => read({ ...binary, ...headers })).toThrow(expect.objectContaining({ name: 'InvalidEvent' }));
	});
});

test.each([
	['2020-01-01T01:00:00.120+01:00', '2020-01-01T00:00:00.12Z'],
	['2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00Z'],
	['2020-01-01T00:00:00.123456789Z', '2020-01-01T00:00:00.123456789Z'],
])('normalises the time %s to %s', (sent, passed) => {
	expect(read({ ...binary, 'ce-time': sent }).attributes.get('time')).toBe(passed);
});

describe('structured mode', () => {
	test('takes precedence over ce- headers and converts every attribute to text', () => {
		const members = { ...required, id: '2', n: 5, f: -1.5, b: true, gone: null, Case: 'x', subject: 'café' };
		const { attributes } = read({ ...binary, ...structured }, JSON.stringify(members));
		expect(Object.fromEntries(attributes)).toEqual({
			...required,
			id: '2',
			n: '5',
			f: '-1',
			b: 'true',
			case: 'x',
			subject: 'café',
		});
	});

	test.each<[string, string, string]>([
		[
			'JSON unchanged',
			'"data": {"x": 1.0, "data": [12345678901234567890, "}\\""]}',
			'{"x": 1.0, "data": [12345678901234567890, "}\\""]}',
		],
		['null', '"data":null', 'null'],
		['a JSON string', '"data":"a\\u00e9"', '"a\\u00e9"'],
		['text', '"datacontenttype":"text/plain","data":"a\\u00e9"', 'aé'],
		['base64', '"datacontenttype":"image/png","data_base64":"AAEC"', '\0\x01\x02'],
		['nothing', '"x":"y"', ''],
	])('reads data: %s', (_, member, data) => {
		const rest = JSON.stringify(required).slice(1);
		expect(readJson(`{${member},${rest}`).data.toString()).toBe(data);
	});

	test.each<[string, object | string]>([
		['invalid JSON', '{'],
		['an array', '[]'],
		['no specversion', { ...required, specversion: undefined }],
		['no id', { ...required, id: null }],
		['an id that is not a string', { ...required, id: 1 }],
		['an extension that is an object', { ...required, x: {} }],
		['a number beyond 32 bits', { ...required, x: 2 ** 31 }],
		['a name with an underscore', { ...required, my_ext: 'x' }],
		['data of a +json type that is not a string', { ...required, datacontenttype: 'application/x+json', data: {} }],
		['invalid base64', { ...required, data_base64: '?' }],
	])('rejects %s', (_, members) => {
		expect(() => readJson(members)).toThrow(expect.objectContaining({ name: 'InvalidEvent' }));
	});
});

test('reads long hostile texts in one pass', () => {
	const long = 4_000_000;
	const spaces = ' '.repeat(long);
	const checked = (attributes: Record<string, string>) =>
		check({
			attributes: new Map(Object.entries({ id: '1', source: '/x', type: 'x', ...attributes })),
			data: Buffer.alloc(0),
		});
	for (const datacontenttype of [
		`a/b${spaces}c`,
		`a/b;${spaces}c`,
		`a/b;c="${'"'.repeat(long)}`,
		`${'a/b;c=d'.repeat(long / 8)};;`,
	])
		expect(() => checked({ datacontenttype })).toThrow('expected a media type');
	expect(() => checked({ datacontenttype: `a/b ; c="d e"; f=g ;${' '.repeat(900)}` })).not.toThrow();
	for (const [name, value] of [
		['source', `${'a'.repeat(long)}%`],
		['source', `http://${'a:1'.repeat(long)}`],
		['source', `http://${'@'.repeat(long)}[`],
		['time', `2020-01-01T00:00:00.${'0'.repeat(long)}Z`],
		['dataschema', 'a'.repeat(long)],
	] as const)
		expect(() => read({ ...binary, [`ce-${name}`]: value })).toThrow('expected at most 1048576 characters');
	const escaped = read({ ...binary, 'ce-source': ' '.repeat(1_000_000) }).attributes.get('source');
	expect(escaped).toHaveLength(3_000_000);
	expect(() => read({ ...binary, 'ce-subject': 'x'.repeat(long) })).toThrow('expected at most 1048576 characters');
	const structured = (members: object) =>
		readEvent({ 'content-type': 'application/cloudevents+json' }, Buffer.from(JSON.stringify(members)));
	const event = { specversion: '1.0', id: '1', source: '/x', type: 'x' };
	expect(structured({ ...event, data_base64: 'QUJD'.repeat(4 * long) }).data).toHaveLength(12 * long);
	for (const data_base64 of [`${'QUJD'.repeat(4 * long)}*AA=`, 'A', 'AA=A', 'A===', '====', 'AB='])
		expect(() => structured({ ...event, data_base64 })).toThrow('not valid base64');
	expect(() => structured({ ...event, [`${'a'.repeat(long)}-`]: 'x' })).toThrow('is not an attribute name');
	expect(() => structured({ ...event, time: `2020-01-01T00:00:00.${'0'.repeat(1_000_000)}x` })).toThrow(
		'expected RFC 3339',
	);
});
