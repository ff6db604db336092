import { isIPv6 } from 'node:net';

/**
 * A URI reference (RFC 3986) as Go's net/url reads and writes it. Knative parses every URI with it and passes on the
 * result, so a URI can leave a broker with other escapes than it came with. The WHATWG's URL class also resolves dots, drops
 * default ports and turns backslashes around.
 */
export interface Uri {
	/** In lower case; '' for a relative reference. */
	readonly scheme: string;
	/** The host with its port, or '' if there is none. */
	readonly host: string;
	readonly user: { readonly name: string; readonly password: string | undefined } | undefined;
	/** The path and query of a request: `/` instead of an empty path, and no fragment. */
	readonly target: string;
	/** The whole URI. `secret` replaces the password, if there is one. */
	write(secret?: string): string;
}

/** One part of a URI: what it can consist of, and the characters that are escaped when it is escaped anew. */
interface Part {
	readonly valid: RegExp;
	readonly unsafe: RegExp;
}

const path: Part = { valid: /^[\w.~$&+,/:;=@!'()*[\]%-]*$/, unsafe: /[^\w.~$&+,/:;=@-]+/g };
const fragment: Part = { valid: /^[\w.~$&+,/:;=?@!'()*[\]%-]*$/, unsafe: /[^\w.~$&+,/:;=?@!()*-]+/g };
const hostUnsafe = /[^\w.~!$&'()*+,;=:[\]<>"-]+/g;
const userUnsafe = /[^\w.~$&+,;=-]+/g;
const ordinary = /^(?:https?:\/\/[a-z\d.-]+(?::\d+)?)?(?:\/[\w.~-]+)+$/;

/** Returns undefined if Go's url.Parse fails. */
export function parseUri(text: string): Uri | undefined {
	const [whole = '', hash = ''] = cut(text, '#');
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are forbidden
	if (/[\x00-\x1f\x7f]/.test(whole) || badEscape.test(hash)) return undefined;
	const schemed = /^([a-z][a-z\d+.-]*):(.*)$/is.exec(whole);
	if (schemed === null && whole.startsWith(':')) return undefined;
	const scheme = schemed?.[1]?.toLowerCase() ?? '';
	const [rest, query] = cut(schemed?.[2] ?? whole, '?');
	const after = (query === undefined ? '' : `?${query}`) + (hash === '' ? '' : `#${written(hash, fragment)}`);
	const search = query === undefined ? '' : `?${query}`;
	if (!rest.startsWith('/') && scheme !== '') {
		const opaque = `${scheme}:${rest}${after}`;
		const target = (rest === '' ? '/' : rest) + search;
		return { scheme, host: '', user: undefined, target, write: () => opaque };
	}
	if (/^[^/]*:/.test(rest)) return undefined; // RFC 3986, 4.2: it would read as a scheme
	const [, authority, pathText = rest] =
		scheme === '' && rest.startsWith('///') ? [] : (/^\/\/([^/]*)(.*)$/s.exec(rest) ?? []);
	const [host, user] = authority === undefined ? ['', undefined] : [hostOf(authority, scheme), userOf(authority)];
	if (host === undefined || user === null || badEscape.test(pathText)) return undefined;
	const route = written(pathText, path);
	return {
		scheme,
		host,
		user,
		target: (route || '/') + search,
		write(secret) {
			const beginning = scheme === '' ? '' : `${scheme}:`;
			const named = user === undefined ? '' : `${userInfo(user, secret)}@`;
			const place =
				authority === undefined || host + named + route === '' ? '' : `//${named}${escaped(host, hostUnsafe)}`;
			const dot = beginning + place === '' && /^[^/]*:/.test(route) ? './' : '';
			return beginning + place + dot + route + after;
		},
	};
}

/** Returns a URI as Go writes it, or undefined if Go cannot read it. */
export const normalUri = (text: string): string | undefined => (ordinary.test(text) ? text : parseUri(text)?.write());

const badEscape = /%(?![\da-f]{2})/i;

function cut(text: string, at: string): [string, string | undefined] {
	const index = text.indexOf(at);
	return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

/** A part stays as it is if all its characters are allowed. Otherwise all of it is unescaped and escaped anew. */
const written = (text: string, { valid, unsafe }: Part): string =>
	valid.test(text) ? text : escaped(unescaped(text), unsafe);

/** Returns one character for each byte. */
const unescaped = (text: string): string =>
	Buffer.from(text)
		.toString('latin1')
		.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const escaped = (bytes: string, unsafe: RegExp): string =>
	bytes.replace(unsafe, (run) => Buffer.from(run, 'latin1').toString('hex').toUpperCase().replace(/../g, '%$&'));

function hostOf(authority: string, scheme: string): string | undefined {
	const host = authority.slice(authority.lastIndexOf('@') + 1);
	// A host can escape only bytes beyond ASCII, and the percent sign of an IPv6 zone (RFC 6874).
	if (badEscape.test(host) || /%(?!25)[0-7]/.test(host)) return undefined;
	const name = unescaped(host);
	if (/[ #/?@\\^`{|}]/.test(host)) return undefined;
	if (!host.startsWith('[')) {
		// Lists of hosts, as in database URLs, can have more colons.
		const named = /^https?$/.test(scheme) ? /^[^:[]*(?::\d*)?$/ : /^(?:[^[]*:\d*|[^:[]*)$/;
		return named.test(host) ? name : undefined;
	}
	const [, address] = /^\[(.*)\](?::\d*)?$/.exec(name) ?? [];
	return address !== undefined && isIPv6(address) ? name : undefined;
}

/** Returns null if the user information is invalid. */
function userOf(authority: string): Uri['user'] | null {
	const end = authority.lastIndexOf('@');
	if (end < 0) return undefined;
	const info = authority.slice(0, end);
	if (!/^[\w.~:!$&'()*+,;=%@-]*$/.test(info) || badEscape.test(info)) return null;
	const [name, password] = cut(info, ':');
	return { name: unescaped(name), password: password === undefined ? undefined : unescaped(password) };
}

function userInfo({ name, password }: NonNullable<Uri['user']>, secret: string | undefined): string {
	if (password === undefined) return escaped(name, userUnsafe);
	return `${escaped(name, userUnsafe)}:${secret ?? escaped(password, userUnsafe)}`;
}
