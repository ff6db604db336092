import { isIP } from 'node:net';
import * as z from 'zod';

/** The number of proxies that append to `X-Forwarded-For`, or `unknown` if no entry is a client's address. */
export type Proxies = number | 'unknown';

/** The setting with the number of proxies up to a function behind the gateway, which is one of them. */
export const trustedProxies = z
	.union([
		z.literal('unknown'),
		z
			.string()
			.regex(/^\d{1,2}$/)
			.transform(Number),
	])
	.default(1)
	.describe(
		'the number of proxies that append to X-Forwarded-For on the way through the gateway, or "unknown" if no entry is a client’s address',
	);

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

/** Returns the network that counts as one client: an IPv4 address, or the /64 of an IPv6 one, which one household has. */
export function clientNetwork(
	forwardedFor: string | undefined,
	socketAddress: string,
	proxies: Proxies,
): string | undefined {
	const address = clientAddress(forwardedFor, socketAddress, proxies);
	if (address === undefined || isIP(address) !== 6) return address;
	const [head = '', tail] = address.toLowerCase().split('::');
	const groups = head ? head.split(':') : [];
	const missing = tail === undefined ? 0 : 8 - groups.length - (tail ? tail.split(':').length : 0);
	const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ? tail.split(':') : [])];
	return all
		.slice(0, 4)
		.map((group) => Number.parseInt(group, 16).toString(16))
		.join(':');
}
