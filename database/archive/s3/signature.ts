import { createHmac, hash } from 'node:crypto';

/** A key of an S3-compatible store, and the region that signatures name. */
export interface Signer {
	readonly region: string;
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken?: string | undefined;
}

export interface Unsigned {
	readonly method: string;
	readonly host: string;
	/** Encoded. */
	readonly path: string;
	/** Encoded and sorted, by `queryOf`. */
	readonly query: string;
	/** Names in lower case. */
	readonly headers?: Readonly<Record<string, string>>;
	readonly body: string | Uint8Array;
}

/** Encodes all characters but the unreserved ones of RFC 3986, as a signature needs it. */
const encode = (text: string): string =>
	encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

/** Returns the encoded query of parameters, sorted by name. */
export const queryOf = (parameters: Readonly<Record<string, string>>): string =>
	Object.entries(parameters)
		.map((pair) => pair.map(encode).join('='))
		.sort()
		.join('&');

/**
 * Returns the headers of a signed request, without `host` (Amazon S3 API Reference, "Signature Calculations for the Authorization
 * Header: Transferring Payload in a Single Chunk"). These few lines replace a library of 11 kB.
 */
export function signedHeaders(request: Unsigned, signer: Signer, now: Date): Record<string, string> {
	const time = now.toISOString().replace(/[:-]|\.\d{3}/g, '');
	const day = time.slice(0, 8);
	const payload = hash('sha256', request.body);
	const headers: Record<string, string> = {
		...request.headers,
		host: request.host,
		'x-amz-content-sha256': payload,
		'x-amz-date': time,
		...(signer.sessionToken ? { 'x-amz-security-token': signer.sessionToken } : {}),
	};
	const names = Object.keys(headers).sort();
	const canonical = [
		request.method,
		request.path,
		request.query,
		...names.map((name) => `${name}:${headers[name]}`),
		'',
		names.join(';'),
		payload,
	].join('\n');
	const scope = [day, signer.region, 's3', 'aws4_request'];
	const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), hash('sha256', canonical)].join('\n');
	const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${signer.secretAccessKey}`);
	const credential = `${signer.accessKeyId}/${scope.join('/')}`;
	const { host: _host, ...sent } = headers;
	return {
		...sent,
		authorization: `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${names.join(';')},Signature=${hmac(key, text).toString('hex')}`,
	};
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
