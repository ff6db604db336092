import { expect, test } from 'vitest';
import { normalUri, parseUri } from './uri.ts';

// The expected texts are those of Go's net/url.
test.each([
	['/functions/orders', '/functions/orders'],
	['HTTP://Host/', 'http://Host/'],
	['/a b', '/a%20b'],
	['/é', '/%C3%A9'],
	['/a|b^c`d"e<f>g{h}i\\j', '/a%7Cb%5Ec%60d%22e%3Cf%3Eg%7Bh%7Di%5Cj'],
	["/[x]!*'()", "/[x]!*'()"],
	["/[x]!*'() %2F", '/%5Bx%5D%21%2A%27%28%29%20/'],
	['/%2f', '/%2f'],
	['/%e9 ', '/%E9%20'],
	['/a?b?c d', '/a?b?c d'],
	['/a#b#c', '/a#b%23c'],
	['/a#', '/a'],
	['/a?', '/a?'],
	['x://', 'x:'],
	['urn:a b', 'urn:a b'],
	['a%3Ab c', './a:b%20c'],
	['http://é:80/', 'http://%C3%A9:80/'],
	['http://u%40:p%3A%20@h/', 'http://u%40:p%3A%20@h/'],
	['http://[fe80::1%25en0]:80/', 'http://[fe80::1%25en0]:80/'],
	['mysql://a:1,b:2/', 'mysql://a:1,b:2/'],
	['http://h/../x', 'http://h/../x'],
	['///x', '///x'],
])('writes %s as %s', (text, written) => {
	expect(normalUri(text)).toBe(written);
});

test.each([
	'/%zz',
	'/a#%zz',
	'1:2',
	':x',
	'/a\tb',
	'http://a b/',
	'http://a:b/',
	'http://a:1:2/',
	'http://h%20/',
	'http://[::1/',
	'http://[1.2.3.4]/',
	'http://u p@h/',
	'http://u%zz@h/',
])('rejects %j', (text) => {
	expect(normalUri(text)).toBeUndefined();
});

test('knows the request target, the credentials, and how to hide the password', () => {
	const uri = parseUri('http://ann:p%40ss%3A@h:8080?x=y#f');
	expect(uri).toMatchObject({
		scheme: 'http',
		host: 'h:8080',
		target: '/?x=y',
		user: { name: 'ann', password: 'p@ss:' },
	});
	expect(uri?.write('xxxxx')).toBe('http://ann:xxxxx@h:8080?x=y#f');
});
