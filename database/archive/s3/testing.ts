import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { queryOf, type Signer, signedHeaders } from './signature.ts';

const key: Signer = { region: 'eu-central-2', accessKeyId: 'the-key', secretAccessKey: 'the secret' };

/** What a server does to a request instead of answering it: another status with an error code, silence, or a reset connection. */
type Fault = readonly [status: number, code: string] | 'reset';

/** A server that behaves as S3 does: it checks signatures, and an object exists when its upload is complete. */
export interface S3 {
	/** The variables that lead to it. */
	readonly env: Readonly<Record<string, string>>;
	/** The objects of the bucket `bucket`, by key. */
	readonly objects: Map<string, Buffer>;
	/** The parts of the uploads that are neither complete nor aborted, by upload id. */
	readonly uploads: Map<string, Map<number, Buffer>>;
	/** The requests so far, such as `PUT /bucket/key?partNumber`. */
	readonly requests: string[];
	/** The faults of the next requests that match, in their order. */
	readonly faults: { readonly request: RegExp; readonly fault: Fault }[];
}

/** The most keys of a list, so that a short list has several pages. */
const pageSize = 2;

/** Starts a server, which closes when the test ends. */
export async function startS3(): Promise<S3> {
	const s3 = { objects: new Map(), uploads: new Map(), requests: [], faults: [] } as Omit<S3, 'env'>;
	const server = createServer((request, response) => {
		void buffer(request).then((body) => handle(s3, request, response, body));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const env = {
		AWS_ACCESS_KEY_ID: key.accessKeyId,
		AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
		AWS_REGION: key.region,
		AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
	};
	return { ...s3, env };
}

function handle(s3: Omit<S3, 'env'>, request: IncomingMessage, response: ServerResponse, body: Buffer): unknown {
	const { method = '', headers } = request;
	const { pathname, searchParams } = new URL(request.url ?? '', 'http://s3');
	const query = Object.fromEntries(searchParams);
	const name = `${method} ${pathname}${Object.keys(query).length ? `?${Object.keys(query).join('&')}` : ''}`;
	s3.requests.push(name);
	const answer = (status: number, xml = '', more: Record<string, string> = {}): void => {
		response.writeHead(status, { 'content-type': 'application/xml', ...more }).end(xml);
	};
	const refuse = (status: number, code: string): void =>
		answer(
			status,
			`<?xml version="1.0"?><Error><Code>${code}</Code><Message>it is &quot;${code}&quot;</Message></Error>`,
		);

	const at = s3.faults.findIndex((each) => each.request.test(name));
	const fault = at >= 0 ? s3.faults.splice(at, 1)[0]?.fault : undefined;
	if (fault === 'reset') return void request.socket.resetAndDestroy();
	if (fault) return refuse(...fault);

	if (!headers.authorization?.includes(`Credential=${key.accessKeyId}/`)) return refuse(403, 'InvalidAccessKeyId');
	if (headers.authorization !== signatureOf(request, body)) return refuse(403, 'SignatureDoesNotMatch');
	const [, bucket, ...parts] = decodeURIComponent(pathname).split('/');
	if (bucket !== 'bucket') return refuse(404, 'NoSuchBucket');
	const object = parts.join('/');
	const { uploadId = '' } = query;
	const upload = s3.uploads.get(uploadId);

	if (method === 'GET' && !object) return answer(200, listing(s3, query));
	if (method === 'GET') {
		const content = s3.objects.get(object);
		return content ? void response.writeHead(200).end(content) : refuse(404, 'NoSuchKey');
	}
	if (method === 'POST' && 'uploads' in query) {
		const id = `${randomUUID()}+/=`;
		s3.uploads.set(id, new Map());
		return answer(200, `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
	}
	if (!upload) return refuse(404, 'NoSuchUpload');
	if (method === 'PUT') {
		upload.set(Number(query['partNumber']), body);
		return answer(200, '', { etag: `"${body.length}"` });
	}
	s3.uploads.delete(uploadId);
	if (method === 'DELETE') return answer(204);
	const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>"(\d+)"<\/ETag>/g)];
	const content = named.map(([, number, size]) => {
		const part = upload.get(Number(number));
		if (part?.length !== Number(size)) throw new Error(`the upload has no part ${number} of ${size} bytes`);
		return part;
	});
	s3.objects.set(object, Buffer.concat(content));
	answer(200, '<CompleteMultipartUploadResult><ETag>"1"</ETag></CompleteMultipartUploadResult>');
}

/** Returns the signature that the request has to have. */
function signatureOf({ method = '', url = '', headers }: IncomingMessage, body: Buffer): string | undefined {
	const [path = '', text = ''] = url.split('?');
	const signed = {
		method,
		host: headers.host ?? '',
		path,
		query: queryOf(Object.fromEntries(new URLSearchParams(text))),
		body,
	};
	const [, year, month, day, time] = /^(\d{4})(\d\d)(\d\d)T(\d{6})Z$/.exec(String(headers['x-amz-date'])) ?? [];
	const at = new Date(`${year}-${month}-${day}T${time?.replace(/\d\d(?!$)/g, '$&:')}Z`);
	return signedHeaders(signed, key, at)['authorization'];
}

function listing(s3: Pick<S3, 'objects'>, query: Record<string, string | undefined>): string {
	const { prefix = '', 'start-after': after = '' } = query;
	const keys = [...s3.objects.keys()].filter((each) => each.startsWith(prefix) && each > after).sort();
	const page = keys.slice(0, pageSize).map((each) => `<Contents><Key>${encodeURIComponent(each)}</Key></Contents>`);
	return `<ListBucketResult><IsTruncated>${keys.length > pageSize}</IsTruncated>${page.join('')}</ListBucketResult>`;
}
