import { expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';

test.each([
	['the socket address without proxies', undefined, '203.0.113.9', '203.0.113.9'],
	['the forwarded address behind one proxy', '203.0.113.9', '10.1.2.3', '203.0.113.9'],
	[
		'the public address before several private proxies',
		'203.0.113.9, 10.244.0.7, 172.16.4.1',
		'127.0.0.1',
		'203.0.113.9',
	],
	[
		'the rightmost public address when the client forged others',
		'198.51.100.1, 203.0.113.9, 192.168.49.2',
		'127.0.0.1',
		'203.0.113.9',
	],
	[
		'the socket address when all forwarded ones are private',
		'10.0.0.1, fd00::1, ::1, fe80::1, 100.64.0.1, 169.254.1.1',
		'10.9.8.7',
		'10.9.8.7',
	],
	[
		'the socket address when no forwarded entry is an address',
		'unknown, , 999.1.1.1, 203.0.113.9:80',
		'10.9.8.7',
		'10.9.8.7',
	],
	['an IPv6 address', '2001:db8::1, ::1', '127.0.0.1', '2001:db8::1'],
	['an IPv4 address from an IPv6 socket', undefined, '::ffff:203.0.113.9', '203.0.113.9'],
	['the public address when an IPv6 socket maps a private one', '203.0.113.9, ::ffff:10.0.0.1', '::1', '203.0.113.9'],
	['a link-local address without its zone', undefined, 'fe80::1%eth0', 'fe80::1'],
])('returns %s', (_what, forwardedFor, socket, wanted) => {
	expect(clientAddress(forwardedFor, socket)).toBe(wanted);
});
