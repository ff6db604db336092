import { BlockList, isIP } from 'node:net';

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Private address ranges (RFC 6890). Only our own proxies have such addresses. */
const privateOnes = new BlockList();
for (const [network, prefix] of [
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.168.0.0', 16],
	['::1', 128],
	['fc00::', 7],
	['fe80::', 10],
] as const)
	privateOnes.addSubnet(network, prefix, familyOf(network));

/**
 * Returns the client's address: the rightmost one in `X-Forwarded-For` that is not private, or else the socket's. Each
 * proxy appends the address of its peer on the right. The client can forge everything to the left of it.
 */
export function clientAddress(forwardedFor: string | undefined, socketAddress: string): string {
	const forwarded = (forwardedFor ?? '').split(',').map(bare).reverse();
	return (
		forwarded.find((address) => isIP(address) && !privateOnes.check(address, familyOf(address))) ?? bare(socketAddress)
	);
}

/** Removes the zone of a link-local address (RFC 4007), and the prefix of an IPv4 address mapped to IPv6. */
const bare = (address: string): string =>
	address
		.trim()
		.replace(/%.*$/, '')
		.replace(/^::ffff:(?=\d+\.)/i, '');

/** Returns the network that counts as one client: an IPv4 address, or the /64 of an IPv6 one, which one household has. */
export function clientNetwork(forwardedFor: string | undefined, socketAddress: string): string {
	const address = clientAddress(forwardedFor, socketAddress);
	if (isIP(address) !== 6) return address;
	const [head = '', tail] = address.toLowerCase().split('::');
	const groups = head ? head.split(':') : [];
	const missing = tail === undefined ? 0 : 8 - groups.length - (tail ? tail.split(':').length : 0);
	const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ? tail.split(':') : [])];
	return all
		.slice(0, 4)
		.map((group) => Number.parseInt(group, 16).toString(16))
		.join(':');
}
