import { BlockList, isIP } from 'node:net';

/** Addresses that mean nothing beyond their own network, so those of our own proxies (RFC 6890). */
const privateOnes = new BlockList();
for (const [network, prefix] of [
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.168.0.0', 16],
] as const)
	privateOnes.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
	['::1', 128],
	['fc00::', 7],
	['fe80::', 10],
] as const)
	privateOnes.addSubnet(network, prefix, 'ipv6');

/**
 * The address that a request came from: the rightmost of `X-Forwarded-For` that is not private, since each proxy adds on
 * the right whom it got the request from, and what is further left is anybody's word. Without one, the socket's.
 */
export function clientAddress(forwardedFor: string | undefined, socketAddress: string): string {
	const forwarded = (forwardedFor ?? '').split(',').map(bare).reverse();
	return forwarded.find((address) => isIP(address) && !isPrivate(address)) ?? bare(socketAddress);
}

const isPrivate = (address: string): boolean => privateOnes.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Without the zone of a link-local address (RFC 4007), and an IPv4 address as itself also where it came by an IPv6 socket. */
const bare = (address: string): string =>
	address
		.trim()
		.replace(/%.*$/, '')
		.replace(/^::ffff:(?=\d+\.)/i, '');
