import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import type { Route } from '../../kit/declare/environment.ts';
import { listen, recordedLog, recordedRequests, type Serving, serving } from '../../tests/testing.ts';
import gateway from './function.ts';
import * as http from './http.ts';

/** Creates a folder with a page, and next to it files that must not be served. */
function webRoot(): string {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-gateway-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const root = join(folder, 'web');
	mkdirSync(join(root, 'folder'), { recursive: true });
	writeFileSync(join(root, 'folder', 'inner.txt'), 'secret');
	writeFileSync(join(folder, 'outer.txt'), 'secret');
	writeFileSync(join(root, 'index.html'), '<!doctype html><title>Bodega</title>');
	writeFileSync(join(root, 'main-5XK2Q7AB.js'), 'void 0;');
	// The build writes this file in compressed form only.
	writeFileSync(join(root, 'main.js.br'), brotliCompressSync('void 1;'));
	writeFileSync(join(root, 'main.js.gz'), gzipSync('void 1;'));
	writeFileSync(join(folder, 'screens.json'), '["orders","admin"]');
	return folder;
}

const serveGateway = (routes: Record<string, string> = {}): Promise<Serving> =>
	servingRoutes(
		Object.fromEntries(Object.entries(routes).map(([path, url]) => [path, { url, bodyLimit: gateway.bodyLimit }])),
	);

const servingRoutes = (routes: Record<string, Route>): Promise<Serving> =>
	serving(gateway, { http }, { env: { ROUTES: JSON.stringify(routes), WEB_ROOT: webRoot() } });

interface Seen {
	readonly method: string | undefined;
	readonly url: string | undefined;
	readonly headers: IncomingMessage['headers'];
	readonly body: string;
}
type Answer = (res: ServerResponse, req: IncomingMessage) => void;

/** Starts a function behind the gateway. It records its requests and sends the given answers, then its name. */
async function standIn(name: string, ...answers: Answer[]): Promise<{ url: string; seen: Seen[] }> {
	const seen: Seen[] = [];
	const server = createServer(async (req, res) => {
		const body = await text(req).catch(() => undefined);
		if (body === undefined) return;
		seen.push({ method: req.method, url: req.url, headers: req.headers, body });
		(answers.shift() ?? (() => res.end(name)))(res, req);
	});
	return { url: await listen(server), seen };
}

test('forwards the state of a trace with the trace that it describes, and not with a new trace', async () => {
	const { url, seen } = await standIn('books');
	const { fetch } = await serveGateway({ '/api/books': url });
	const valid = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
	for (const traceparent of [valid, valid.replace('00-', 'ff-'), valid.toUpperCase()])
		await fetch('/api/books', { headers: { traceparent, tracestate: 'vendor=1' } });
	await fetch('/api/books', { headers: { tracestate: 'vendor=1' } });
	expect(seen.map(({ headers }) => headers['tracestate'])).toEqual(['vendor=1', undefined, undefined, undefined]);
	expect(seen.map(({ headers }) => String(headers['traceparent']).slice(-2))).toEqual(['00', '01', '01', '01']);
});

test('forwards a request with its method, path, query, body and headers unchanged', async () => {
	const { url, seen } = await standIn('books');
	const { fetch, url: front } = await serveGateway({ '/api/books': url });
	const body = JSON.stringify({ title: 'Zoë 茶' });
	const traceId = '0af7651916cd43dd8448eb211c80319c';
	const headers = {
		'idempotency-key': 'k',
		authorization: 'Bearer x',
		traceparent: `00-${traceId}-b7ad6b7169203331-01`,
		'x-forwarded-for': '192.0.2.1',
	};
	await fetch('/api/books/a%2Fb?q=a%20b&q=%C3%A9', { method: 'PUT', headers, body });
	expect(seen).toMatchObject([{ method: 'PUT', url: '/api/books/a%2Fb?q=a%20b&q=%C3%A9', body }]);
	expect(seen[0]?.headers).toMatchObject({
		'content-type': 'application/json',
		'idempotency-key': 'k',
		authorization: 'Bearer x',
		traceparent: expect.stringContaining(traceId),
		host: new URL(url).host,
		'x-forwarded-host': new URL(front).host,
		'x-forwarded-for': expect.stringMatching(/^192\.0\.2\.1, .*127\.0\.0\.1$/),
	});
	await fetch('/api/books', { method: 'POST' });
	await fetch('/api/books', { method: 'DELETE' });
	await fetch('/api/books', { method: 'OPTIONS' });
	expect(seen.slice(1).map(({ method, body: none }) => [method, none])).toEqual([
		['POST', ''],
		['DELETE', ''],
		['OPTIONS', ''],
	]);
});

test('returns a response with its status, headers and body unchanged', async () => {
	const created: Answer = (res) =>
		res
			.writeHead(201, {
				location: '/api/books/1',
				'content-type': 'application/json',
				etag: '"x"',
				'set-cookie': ['a=1', 'b=2'],
				'keep-alive': 'timeout=99',
			})
			.end('{"id":1}');
	const problem: Answer = (res) =>
		res.writeHead(409, { 'content-type': 'application/problem+json' }).end('{"status":409}');
	const unchanged: Answer = (res) => res.writeHead(304, { etag: '"x"' }).end();
	const headless: Answer = (res) => res.writeHead(200, { 'content-length': 5 }).end();
	const { url, seen } = await standIn('books', created, problem, unchanged, headless);
	const { fetch } = await serveGateway({ '/api/books': url });
	const answer = await fetch('/api/books', { method: 'POST', body: {} });
	expect([answer.status, answer.headers.get('location'), answer.headers.get('etag')]).toEqual([
		201,
		'/api/books/1',
		'"x"',
	]);
	expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
	expect(answer.headers.get('keep-alive')).not.toBe('timeout=99');
	expect(await answer.json()).toEqual({ id: 1 });
	const refused = await fetch('/api/books', { method: 'POST', body: {} });
	expect([refused.status, refused.headers.get('content-type'), await refused.text()]).toEqual([
		409,
		'application/problem+json',
		'{"status":409}',
	]);
	expect((await fetch('/api/books', { headers: { 'if-none-match': '"x"' } })).status).toBe(304);
	expect(seen[2]?.headers['if-none-match']).toBe('"x"');
	const head = await fetch('/api/books', { method: 'HEAD' });
	expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '5', '']);
	expect(seen[3]?.method).toBe('HEAD');
});

test('chooses the longest route that matches a path', async () => {
	const [api, events, dead] = [await standIn('api'), await standIn('events'), await standIn('dead')];
	const { fetch } = await serveGateway({ '/api': api.url, '/api/events': events.url, '/api/events/dead': dead.url });
	const answers: Record<string, string> = {
		'/api': 'api',
		'/api/': 'api',
		'/api/eventss': 'api',
		'/api/events': 'events',
		'/api/events?dead': 'events',
		'/api/events/1': 'events',
		'/api/events/dead/1': 'dead',
		'/api/events/x/../dead': 'dead',
	};
	for (const [path, name] of Object.entries(answers))
		expect([path, await (await fetch(path)).text()]).toEqual([path, name]);
});

test('routes function paths outside /api, and serves the page for the rest', async () => {
	const { url } = await standIn('weather');
	const { fetch } = await serveGateway({ '/weather': url });
	expect(await (await fetch('/weather/?city=Paris')).text()).toBe('weather');
	expect(await (await fetch('/')).text()).toContain('Bodega');
	expect((await fetch('/weathers')).status).toBe(404);
});

test('answers 404 with the list of routes when no function has the path', async () => {
	const { fetch } = await serveGateway({ '/api/books': 'http://127.0.0.1:1', '/api/billing': 'http://127.0.0.1:1' });
	for (const path of ['/api', '/api/nowhere', '/api/bookshelf']) {
		const answer = await fetch(path, { method: 'POST', body: {} });
		expect([path, answer.status]).toEqual([path, 404]);
		expect(((await answer.json()) as { detail: string }).detail).toContain('/api/billing, /api/books');
	}
});

test('ignores a host in the request target', async () => {
	const [books, elsewhere] = [await standIn('books'), await standIn('elsewhere')];
	const { url } = await serveGateway({ '/api/books': books.url });
	const host = new URL(elsewhere.url).host;
	for (const target of [`//${host}/api/books`, `http://${host}/api/books`, `//${host}/..//api/books`]) {
		const socket = connect(Number(new URL(url).port), '127.0.0.1');
		socket.write(`GET ${target} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n`);
		expect(await text(socket)).toMatch(/^HTTP\/1.1 (404|200 OK(.|\r|\n)*books$)/);
	}
	expect(elsewhere.seen).toEqual([]);
	expect(books.seen.map((seen) => seen.url)).toEqual(['/api/books']);
});

test('answers 503, readable from any origin, when a function does not answer', async () => {
	recordedLog();
	const { fetch } = await serveGateway({ '/api/books': 'http://127.0.0.1:1' });
	for (const method of ['GET', 'POST']) {
		const answer = await fetch('/api/books', { method });
		expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
		expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
		expect(answer.headers.get('access-control-allow-origin')).toBe('*');
		const body = await answer.text();
		expect(body).not.toContain('127.0.0.1');
		expect(body.includes('Nothing was changed')).toBe(method === 'POST');
	}
});

test('retries a request once after a broken connection, if its method is safe', async () => {
	recordedLog();
	const hangUp: Answer = (_res, req) => void req.socket.destroy();
	const { url, seen } = await standIn('books', hangUp);
	const { fetch } = await serveGateway({ '/api/books': url });
	expect(await (await fetch('/api/books')).text()).toBe('books');
	expect(seen).toHaveLength(2);
	const refusing = await standIn('books', hangUp, hangUp);
	const other = await serveGateway({ '/api/books': refusing.url });
	for (const request of [{ method: 'DELETE' }, { method: 'POST', body: {} }]) {
		const answer = await other.fetch('/api/books', request);
		expect(answer.status).toBe(503);
		expect(await answer.text()).toContain('It is not known whether the request was carried out.');
	}
	expect(refusing.seen).toHaveLength(2);
});

test.each([502, 503, 504])(
	'replaces the %d of a platform by a problem, and passes on that of a function',
	async (status) => {
		recordedLog();
		const text: Answer = (res) => void res.writeHead(status, { 'content-type': 'text/plain' }).end('bad gateway');
		const problem: Answer = (res) =>
			void res.writeHead(status, { 'content-type': 'application/problem+json; charset=utf-8' }).end('{"detail":"own"}');
		const { url } = await standIn('books', text, text, problem);
		const { fetch } = await serveGateway({ '/api/books': url });
		const told = async (method: string): Promise<unknown> => {
			const answer = await fetch('/api/books', { method });
			return [answer.status, ((await answer.json()) as { detail: string }).detail];
		};
		const away = 'The function behind this path does not answer at the moment.';
		expect(await told('GET')).toEqual([503, `${away} Try again shortly.`]);
		expect(await told('POST')).toEqual([503, expect.stringContaining('It is not known')]);
		expect(await told('POST')).toEqual([status, 'own']);
	},
);

test('rejects a body over the limit without forwarding it', async () => {
	const { url, seen } = await standIn('books');
	const { fetch, url: front } = await serveGateway({ '/api/books': url });
	const fits = '{}'.padEnd(gateway.bodyLimit);
	expect((await fetch('/api/books', { method: 'POST', body: `${fits} ` })).status).toBe(413);
	// Without a Content-Length the gateway notices only while reading. The part before the limit is valid JSON.
	const sent = request(`${front}/api/books`, { method: 'POST', headers: { 'content-type': 'application/json' } });
	sent.write(fits);
	sent.end(' ');
	const [answer] = (await once(sent, 'response')) as [IncomingMessage];
	expect(answer.statusCode).toBe(413);
	await text(answer);
	expect(seen).toEqual([]);
	expect((await fetch('/api/books', { method: 'POST', body: fits })).status).toBe(200);
	expect(seen.map(({ body }) => body.length)).toEqual([gateway.bodyLimit]);
});

test('streams a body to the function before the client has sent all of it', async () => {
	const server = createServer((req, res) => void req.once('data', (chunk) => res.end(chunk)));
	const { url: front } = await serveGateway({ '/api/books': await listen(server) });
	const sent = request(`${front}/api/books`, { method: 'POST', headers: { 'content-type': 'application/json' } });
	sent.write('{"title":');
	const [answer] = (await once(sent, 'response')) as [IncomingMessage];
	expect(await text(answer)).toBe('{"title":');
	sent.end('""}');
});

/** Starts a server-sent event stream behind the gateway. It sends its headers and one message, then stays open. */
async function standInStream(): Promise<{ url: string; left: Promise<unknown> }> {
	const server = createServer((_req, res) => {
		res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).write('data: 1\n\n');
	});
	const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
	return { url: await listen(server), left: asked.then(([, res]) => once(res, 'close')) };
}

test('streams events back unbuffered, and closes the upstream request when the client disconnects', async () => {
	const { url, left } = await standInStream();
	const { url: front } = await serveGateway({ '/api/events': url });
	const requests = recordedRequests();
	const asked = request(`${front}/api/events`, { headers: { 'accept-encoding': 'gzip, br' } }).end();
	const [answer] = (await once(asked, 'response')) as [IncomingMessage];
	expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8');
	expect(answer.headers).not.toHaveProperty('content-length');
	expect(answer.headers).not.toHaveProperty('content-encoding');
	expect(String((await once(answer, 'data'))[0])).toBe('data: 1\n\n');
	// Node warns about more than ten listeners; the server adds one of them.
	expect(requests[0]?.response.listenerCount('close')).toBeLessThan(10);
	asked.destroy();
	await left;
});

test('ends event streams and their upstream requests on shutdown', async () => {
	const log = recordedLog();
	const { url, left } = await standInStream();
	const { fetch, stop } = await serveGateway({ '/api/events': url });
	const answer = await fetch('/api/events');
	stop();
	expect(await answer.text()).toBe('data: 1\n\n');
	await left;
	expect(log.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
});

test('logs no error when a client stops sending its body halfway', async () => {
	const log = recordedLog();
	const server = createServer();
	const { url: front, fetch } = await serveGateway({ '/api/books': await listen(server) });
	const sent = request(`${front}/api/books`, { method: 'POST', headers: { 'content-length': 100 } });
	sent.on('error', () => {});
	sent.write('{"title":');
	const [req] = (await once(server, 'request')) as [IncomingMessage];
	const broken = expect(text(req)).rejects.toThrow();
	sent.destroy();
	await broken;
	server.on('request', (_req, res) => res.end());
	expect((await fetch('/api/books')).status).toBe(200);
	expect(log.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
});

test('applies the body limit of the function at the path', async () => {
	const [books, stats] = [await standIn('books'), await standIn('stats')];
	const { fetch } = await servingRoutes({
		'/api/books': { url: books.url, bodyLimit: 10 },
		'/api/stats': { url: stats.url, bodyLimit: 1_000_000 },
	});
	const statusOf = async (path: string, size: number): Promise<number> =>
		(await fetch(path, { method: 'POST', body: '{}'.padEnd(size) })).status;
	expect(await statusOf('/api/stats/mean', 1_000_000)).toBe(200);
	expect(await statusOf('/api/stats/mean', 1_000_001)).toBe(413);
	expect(await statusOf('/api/books', 10)).toBe(200);
	expect(await statusOf('/api/books', 11)).toBe(413);
	expect(stats.seen.map(({ body }) => body.length)).toEqual([1_000_000]);
});

test('serves the page with a content security policy that blocks foreign scripts', async () => {
	const { fetch } = await serveGateway();
	const page = await fetch('/');
	expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
	expect(await page.text()).toContain('<title>Bodega</title>');
	const policy = page.headers.get('content-security-policy') ?? '';
	for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
		expect(policy).toContain(rule);
	expect(policy).not.toContain('unsafe');
	expect(page.headers.get('x-content-type-options')).toBe('nosniff');
	expect(page.headers.get('cache-control')).toBe('no-cache');
	const etag = page.headers.get('etag') ?? '';
	expect((await fetch('/', { headers: { 'if-none-match': etag } })).status).toBe(304);
	expect((await fetch('/main.js', { headers: { 'if-none-match': etag } })).status).toBe(200);
});

test('marks a file with a hash in its name as immutable for caches', async () => {
	const { fetch } = await serveGateway();
	const script = await fetch('/main-5XK2Q7AB.js');
	expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
	expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
	expect((await fetch('/main.js')).headers.get('cache-control')).toBe('no-cache');
});

test('serves the page at the path of each screen, and with status 404 at any other path', async () => {
	const { fetch } = await serveGateway();
	const page = await (await fetch('/')).text();
	for (const path of ['/orders', '/orders/7', '/admin/data/books.books']) {
		const answer = await fetch(path);
		expect([path, answer.status, await answer.text()]).toEqual([path, 200, page]);
	}
	const html = { headers: { accept: 'text/html,*/*;q=0.8' } };
	const nowhere = await fetch('/ordering', html);
	expect([nowhere.status, await nowhere.text()]).toEqual([404, page]);
	const again = { headers: { ...html.headers, 'if-none-match': nowhere.headers.get('etag') ?? '' } };
	expect((await fetch('/ordering', again)).status).toBe(404);
	// A client that does not accept HTML gets JSON, and so does a request for an unknown API path.
	expect((await fetch('/ordering')).headers.get('content-type')).toContain('problem+json');
	expect((await fetch('/api/ordering', html)).headers.get('content-type')).toContain('problem+json');
});

test('sends the smallest encoding that the client accepts', async () => {
	const { fetch } = await serveGateway();
	const ask = async (accepted: string) => {
		const answer = await fetch('/main.js', { headers: { 'accept-encoding': accepted } });
		expect([answer.status, answer.headers.get('vary'), await answer.text()]).toEqual([
			200,
			'accept-encoding',
			'void 1;',
		]);
		return { encoding: answer.headers.get('content-encoding'), etag: answer.headers.get('etag') };
	};
	const [br, gzip, plain] = [await ask('gzip, deflate, br'), await ask('gzip;q=0.5, br;q=0'), await ask('identity')];
	expect([br.encoding, gzip.encoding, plain.encoding]).toEqual(['br', 'gzip', null]);
	// Each encoding is a different representation and needs its own entity tag (RFC 9110, 8.8.3.3).
	expect(new Set([br.etag, gzip.etag, plain.etag]).size).toBe(3);
	expect((await fetch('/', { headers: { 'accept-encoding': 'br' } })).headers.get('content-encoding')).toBeNull();
});

test('answers HEAD for a file without its body, and 405 to other methods', async () => {
	const { fetch } = await serveGateway();
	const head = await fetch('/main-5XK2Q7AB.js', { method: 'HEAD' });
	expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '7', '']);
	const post = await fetch('/', { method: 'POST' });
	expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
});

test('serves nothing outside the page’s folder or in its subfolders', async () => {
	const { url } = await serveGateway();
	const paths = [
		'/../outer.txt',
		'/%2e%2e/outer.txt',
		'/..%2fouter.txt',
		'/..%5couter.txt',
		'//outer.txt',
		'/folder',
		'/folder/',
		'/folder/inner.txt',
		'/.',
		'/main.js/',
		'/main.js%00',
	];
	for (const path of paths) {
		const socket = connect(Number(new URL(url).port), '127.0.0.1');
		socket.write(`GET ${path} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n`);
		const answer = await text(socket);
		expect(answer).not.toContain('secret');
		expect([path, answer.slice(0, 12)]).toEqual([path, path === '/.' ? 'HTTP/1.1 200' : 'HTTP/1.1 404']);
	}
});
