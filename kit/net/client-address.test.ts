import { expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';

const forged = ['198.51.100.1', '198.51.100.1, 10.66.66.66, ::1', 'unknown, , 999.1.1.1', ', '];

test.each([
	['the socket address without proxies', undefined, '203.0.113.9', 0, '203.0.113.9'],
	['the entry of the only proxy', '203.0.113.9', '10.1.2.3', 1, '203.0.113.9'],
	['the entry of the outermost of three proxies', '203.0.113.9, 10.244.0.7, 172.16.4.1', '127.0.0.1', 3, '203.0.113.9'],
	['a private client', '192.168.49.2, 127.0.0.1', '127.0.0.1', 2, '192.168.49.2'],
	['an IPv6 address', '2001:db8::1, ::1', '127.0.0.1', 2, '2001:db8::1'],
	['an IPv4 address from an IPv6 socket', undefined, '::ffff:203.0.113.9', 0, '203.0.113.9'],
	['an IPv4 address mapped to IPv6', '::ffff:203.0.113.9', '::1', 1, '203.0.113.9'],
	['a link-local address without its zone', undefined, 'fe80::1%eth0', 0, 'fe80::1'],
] as const)('returns %s, and ignores forged entries', (_what, appended, socket, proxies, wanted) => {
	expect(clientAddress(appended, socket, proxies)).toBe(wanted);
	for (const entries of forged)
		expect(clientAddress(appended === undefined ? entries : `${entries}, ${appended}`, socket, proxies)).toBe(wanted);
});

test('returns the socket address when there are fewer entries than proxies, or the entry is no address', () => {
	expect(clientAddress('198.51.100.1', '10.9.8.7', 2)).toBe('10.9.8.7');
	expect(clientAddress(undefined, '10.9.8.7', 1)).toBe('10.9.8.7');
	expect(clientAddress('203.0.113.9:80', '10.9.8.7', 1)).toBe('10.9.8.7');
});

test('returns no address when the number of proxies is unknown', () => {
	expect(clientAddress('198.51.100.1, 10.9.8.7', '127.0.0.1', 'unknown')).toBeUndefined();
});
