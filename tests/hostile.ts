import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** Requests that are malformed, or well formed and rarely sent. Each is complete, or its connection ends in the middle. */
export const hostileRequests = (host: string, path = '/'): Readonly<Record<string, string>> => {
	const head = (first: string, ...headers: string[]): string =>
		[first, `Host: ${host}`, 'Connection: close', ...headers, '', ''].join('\r\n');
	const get = (...headers: string[]): string => head(`GET ${path} HTTP/1.1`, ...headers);
	const post = (...headers: string[]): string =>
		head(`POST ${path} HTTP/1.1`, 'Content-Type: application/json', ...headers);
	const chunked = 'Transfer-Encoding: chunked';
	const event = ['Ce-Specversion: 1.0', 'Ce-Id: 1', 'Ce-Source: /x', 'Ce-Type: x'];
	return {
		'a trailer without chunks': get('Trailer: foo'),
		'a trailer with chunks': `${post(chunked, 'Trailer: X-Sum')}2\r\n{}\r\n0\r\nX-Sum: 1\r\n\r\n`,
		'a forbidden trailer': `${post(chunked, 'Trailer: Content-Length')}2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n`,
		'an upgrade': head(`GET ${path} HTTP/1.1`, 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Key: x'),
		'an upgrade to h2c': head(
			`GET ${path} HTTP/1.1`,
			'Upgrade: h2c',
			'Connection: Upgrade, HTTP2-Settings',
			'HTTP2-Settings: AAMA',
		),
		'a preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
		'a tunnel': head(`CONNECT ${host} HTTP/1.1`),
		'an unknown expectation': post('Expect: the-unexpected', 'Content-Length: 2'),
		'a continuation': `${post('Expect: 100-continue', 'Content-Length: 2')}{}`,
		'an unknown method': head(`BREW ${path} HTTP/1.1`),
		'a trace': head(`TRACE ${path} HTTP/1.1`),
		'the target *': head('OPTIONS * HTTP/1.1'),
		'an absolute target': head(`GET http://${host}${path} HTTP/1.1`),
		'a target with two slashes': head('GET //// HTTP/1.1'),
		'a target that is no percent-encoding': head('GET /%ff%zz HTTP/1.1'),
		'a target with a backslash and bytes': head('GET /\\..\\\u00ff\u00fe HTTP/1.1'),
		'a target with a control character': head('GET /\u0001 HTTP/1.1'),
		'a very long target': head(`GET /${'a'.repeat(10_000)} HTTP/1.1`),
		'a header with bytes above ASCII': get('X-Name: \u00e9\u00ff', 'Accept: \u00ff'),
		'a header with a control character': get('X-Name: a\u0001b'),
		'a folded header': `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nX-A: 1\r\n 2\r\n\r\n`,
		'a space before the colon': get('X-A : 1'),
		'large headers': get(`X-Large: ${'a'.repeat(15_000)}`),
		'too large headers': get(`X-Large: ${'a'.repeat(20_000)}`),
		'a thousand headers': get(...Array.from({ length: 1_000 }, (_, index) => `X-${index}: 1`)),
		'headers of one hop': get(
			'Keep-Alive: timeout=1',
			'Proxy-Connection: close',
			'TE: trailers',
			'Proxy-Authorization: x',
		),
		'a connection header that names others': head(
			`GET ${path} HTTP/1.1`,
			'Connection: close, host, accept, content-length',
		),
		'two lengths': `${post('Content-Length: 2', 'Content-Length: 3')}{}`,
		'the same length twice': `${post('Content-Length: 2', 'Content-Length: 2')}{}`,
		'a length that is no number': `${post('Content-Length: 1e9')}{}`,
		'a negative length': `${post('Content-Length: -1')}{}`,
		'a length and chunks': `${post('Content-Length: 2', chunked)}0\r\n\r\n`,
		'another transfer encoding': `${post('Transfer-Encoding: gzip, chunked')}0\r\n\r\n`,
		'a transfer encoding without chunks': `${post('Transfer-Encoding: identity')}{}`,
		'a malformed chunk': `${post(chunked)}zz\r\n{}\r\n`,
		'a huge chunk': `${post(chunked)}fffffffffffffffff\r\n{}\r\n`,
		'a chunk with a long extension': `${post(chunked)}2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
		'a body that is no JSON': `${post('Content-Length: 2')}{{`,
		'a body that is null': `${post('Content-Length: 4')}null`,
		'a body of a get': `${get('Content-Length: 2')}{}`,
		'an unknown charset': `${head(`POST ${path} HTTP/1.1`, 'Content-Type: application/json; charset=x', 'Content-Length: 2')}{}`,
		'an encoded body': `${post('Content-Encoding: gzip', 'Content-Length: 2')}{}`,
		'HTTP/1.0': `GET ${path} HTTP/1.0\r\n\r\n`,
		'HTTP/1.0 with keep-alive': `GET ${path} HTTP/1.0\r\nHost: ${host}\r\nConnection: keep-alive\r\n\r\n${get()}`,
		'HTTP/0.9': `GET ${path}\r\n\r\n`,
		'HTTP/9.9': head(`GET ${path} HTTP/9.9`),
		'no host': `GET ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`,
		'two hosts': get(`Host: ${host}`),
		'fifty pipelined requests': `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(50) + get(),
		'a pipelined request behind a malformed one': `${get('Trailer: foo')}\u0000\u0000`,
		'no HTTP': '\u0016\u0003\u0001\u0000\u00ff\r\n\r\n',
		'an event whose body is null': `${head(`POST ${path} HTTP/1.1`, 'Content-Type: application/cloudevents+json', 'Content-Length: 4')}null`,
		'an event with a wrong trace': `${post(...event, 'Traceparent: \u00ff', 'Content-Length: 2')}{}`,
		'an event without a body': post(...event, 'Content-Length: 0'),
	};
};

/** Sends bytes, and returns the answer when the connection has ended. Bytes above ASCII are sent as Latin-1. */
export async function sendRaw(port: number, bytes: string): Promise<string> {
	const socket = connect(port, '127.0.0.1');
	// A server that waits for more of a request would close the connection only later.
	socket.setTimeout(5_000, () => socket.destroy());
	socket.write(bytes, 'latin1');
	return await text(socket).catch((error: NodeJS.ErrnoException) => String(error.code));
}

/** Sends the beginning of a request, and disconnects. */
export async function breakOff(port: number, bytes: string): Promise<void> {
	const socket = connect(port, '127.0.0.1');
	await new Promise((resolve) => socket.write(bytes, 'latin1', resolve));
	const closed = new Promise((resolve) => socket.once('close', resolve));
	socket.resetAndDestroy();
	await closed;
}
