import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';

/** Returns the name in a Host header: in lower case, without its port and the dot of the root domain. */
export const hostName = (host: string): string => host.trim().toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');

/** Returns a host as a URL has it: an IPv6 address in brackets (RFC 3986, 3.2.2). */
export const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Whether a Host header names this machine: `localhost`, a name below it (RFC 6761, 6.3) or a loopback address. */
export function isLocal(host: string): boolean {
	const name = hostName(host);
	return (
		name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || (isIPv4(name) && name.startsWith('127.'))
	);
}

/**
 * Returns the first host of a request that does not name this machine, or undefined. A website's name can resolve to
 * 127.0.0.1 (DNS rebinding); its scripts could then read a laptop's shop as their own origin. A target can name a host
 * too, and then the Host header does not count (RFC 9112, 3.2.2).
 */
export function foreignHost(req: IncomingMessage): string | undefined {
	const named = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(req.url ?? '')?.[1];
	if (named !== undefined && !isLocal(named)) return named;
	const { rawHeaders } = req;
	for (let at = 0; at < rawHeaders.length; at += 2) {
		const value = rawHeaders[at + 1] as string;
		if (rawHeaders[at]?.toLowerCase() === 'host' && !isLocal(value)) return value;
	}
	return undefined;
}
