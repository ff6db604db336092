import * as z from 'zod';
import { parseUri } from '../uri.ts';

/** Where to send requests: the `uri` of a subscriber or sink. */
export interface Destination {
	/** The URI without its password, as Go's HTTP client writes it in errors. It is safe to log. */
	readonly shown: string;
	/** Scheme, host and port. */
	readonly origin: string;
	/** The path and query as Go's HTTP client sends them: dots stay, odd characters are escaped. */
	readonly target: string;
	/** The value of the Authorization header, if the URI has credentials. */
	readonly authorization?: string;
}

const expected = 'expected an absolute http or https URL';

/** Returns undefined if a text is no absolute http or https URL. */
export function readDestination(text: string): Destination | undefined {
	const uri = parseUri(text);
	if (uri === undefined || !/^https?$/.test(uri.scheme)) return undefined;
	const origin = `${uri.scheme}://${Buffer.from(uri.host, 'latin1').toString()}`;
	// Go would send a space in the query as it is, and the server could not read the request.
	if (uri.host === '' || !URL.canParse(origin) || uri.target.includes(' ')) return undefined;
	const target = Buffer.from(uri.target).toString('latin1');
	const shown = uri.write('***');
	if (uri.user === undefined) return { shown, origin, target };
	const credentials = Buffer.from(`${uri.user.name}:${uri.user.password ?? ''}`, 'latin1').toString('base64');
	return { shown, origin, target, authorization: `Basic ${credentials}` };
}

export const destination = z
	.strictObject({
		uri: z.string(expected).optional(),
		ref: z.undefined('the local broker cannot resolve a ref without a cluster: give the address as uri').optional(),
	})
	.transform(({ uri }, context) => {
		const found = uri === undefined ? undefined : readDestination(uri);
		if (found !== undefined) return found;
		context.addIssue({ code: 'custom', path: ['uri'], message: expected });
		return z.NEVER;
	});
