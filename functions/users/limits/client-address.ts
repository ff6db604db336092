import { isIP } from 'node:net';

/** The number of proxies that append to `X-Forwarded-For`, or `unknown` if no entry is a client's address. */
export type Proxies = number | 'unknown';

/**
 * Returns the client's address: the entry of `X-Forwarded-For` that the outermost of our proxies appended. Each proxy
 * appends the address of its peer on the right, so the client can forge every entry to the left of it, and none to the
 * right. Returns the connection's address if there are fewer entries, because the request then came another way.
 * Returns undefined if the number of proxies is unknown.
 */
export function clientAddress(
	forwardedFor: string | undefined,
	socketAddress: string,
	proxies: Proxies,
): string | undefined {
	if (proxies === 'unknown') return undefined;
	const entries = forwardedFor === undefined ? [] : forwardedFor.split(',');
	const address = bare([...entries, socketAddress].at(-1 - proxies) ?? '');
	return isIP(address) ? address : bare(socketAddress);
}

/** Removes the zone of a link-local address (RFC 4007), and the prefix of an IPv4 address mapped to IPv6. */
const bare = (address: string): string =>
	address
		.trim()
		.replace(/%.*$/, '')
		.replace(/^::ffff:(?=\d+\.)/i, '');
