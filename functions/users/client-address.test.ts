import { expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';

test.each([
	['nobody in between', undefined, '203.0.113.9', '203.0.113.9'],
	['one proxy', '203.0.113.9', '10.1.2.3', '203.0.113.9'],
	['proxies of the cluster behind it', '203.0.113.9, 10.244.0.7, 172.16.4.1', '127.0.0.1', '203.0.113.9'],
	['what the client made up', '198.51.100.1, 203.0.113.9, 192.168.49.2', '127.0.0.1', '203.0.113.9'],
	['private ones alone', '10.0.0.1, fd00::1, ::1, fe80::1, 100.64.0.1, 169.254.1.1', '10.9.8.7', '10.9.8.7'],
	['no addresses', 'unknown, , 999.1.1.1, 203.0.113.9:80', '10.9.8.7', '10.9.8.7'],
	['IPv6', '2001:db8::1, ::1', '127.0.0.1', '2001:db8::1'],
	['IPv4 by an IPv6 socket', undefined, '::ffff:203.0.113.9', '203.0.113.9'],
	['a private one by an IPv6 socket', '203.0.113.9, ::ffff:10.0.0.1', '::1', '203.0.113.9'],
	['a link-local socket', undefined, 'fe80::1%eth0', 'fe80::1'],
])('%s', (_what, forwardedFor, socket, wanted) => {
	expect(clientAddress(forwardedFor, socket)).toBe(wanted);
});
