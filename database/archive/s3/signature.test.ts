import { expect, test } from 'vitest';
import { queryOf, signedHeaders, type Unsigned } from './signature.ts';

/** The examples of Amazon S3's documentation, "Signature Calculations … in a Single Chunk", with its key. */
const signer = {
	region: 'us-east-1',
	accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
	secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const now = new Date('2013-05-24T00:00:00Z');
const host = 'examplebucket.s3.amazonaws.com';

test.each<[string, Unsigned, string]>([
	[
		'GET Object',
		{ method: 'GET', host, path: '/test.txt', query: '', headers: { range: 'bytes=0-9' }, body: '' },
		'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
	],
	[
		'PUT Object',
		{
			...{ method: 'PUT', host, path: '/test%24file.text', query: '', body: 'Welcome to Amazon S3.' },
			headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
		},
		'98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
	],
	[
		'GET Bucket Lifecycle',
		{ method: 'GET', host, path: '/', query: queryOf({ lifecycle: '' }), body: '' },
		'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
	],
	[
		'GET Bucket (List Objects)',
		{ method: 'GET', host, path: '/', query: queryOf({ prefix: 'J', 'max-keys': '2' }), body: '' },
		'34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
	],
])('signs as the documentation does: %s', (_name, request, signature) => {
	expect(signedHeaders(request, signer, now)['authorization']).toMatch(
		new RegExp(
			`^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,.*Signature=${signature}$`,
		),
	);
});

test('encodes everything in a query but unreserved characters, and signs the token of a session', () => {
	expect(queryOf({ b: "a b+/=!'()*~", a: '' })).toBe('a=&b=a%20b%2B%2F%3D%21%27%28%29%2A~');
	const headers = signedHeaders(
		{ method: 'GET', host, path: '/', query: '', body: '' },
		{ ...signer, sessionToken: 'token' },
		now,
	);
	expect(headers['x-amz-security-token']).toBe('token');
	expect(headers['authorization']).toContain('x-amz-security-token');
});
