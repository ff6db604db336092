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

/** A folder with a page, and beside it what is nobody's business. */
function webRoot(): string {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-gateway-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const root = join(folder, 'web');
	mkdirSync(join(root, 'folder'), { recursive: true });
	writeFileSync(join(root, 'folder', 'inner.txt'), 'secret');
	writeFileSync(join(folder, 'outer.txt'), 'secret');
	writeFileSync(join(root, 'index.html'), '<!doctype html><title>Bodega</title>');
	writeFileSync(join(root, 'main-5XK2Q7AB.js'), 'void 0;');
	// As the build leaves it: compressed alone.
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

/** A function behind the gateway: keeps what it is asked, and gives these answers, then plain ones. */
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

test('a request is passed on as it is: method, path, query, body and headers', async () => {
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

test('an answer is passed back as it is: status, headers and body', async () => {
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

test('the longest route that a path lies below is meant', async () => {
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

test('a function may have a path beside /api, and the page all others', async () => {
	const { url } = await standIn('weather');
	const { fetch } = await serveGateway({ '/weather': url });
	expect(await (await fetch('/weather/?city=Paris')).text()).toBe('weather');
	expect(await (await fetch('/')).text()).toContain('Bodega');
	expect((await fetch('/weathers')).status).toBe(404);
});

test('a path of no function is a 404 problem that names the routes', async () => {
	const { fetch } = await serveGateway({ '/api/books': 'http://127.0.0.1:1', '/api/billing': 'http://127.0.0.1:1' });
	for (const path of ['/api', '/api/nowhere', '/api/bookshelf']) {
		const answer = await fetch(path, { method: 'POST', body: {} });
		expect([path, answer.status]).toEqual([path, 404]);
		expect(((await answer.json()) as { detail: string }).detail).toContain('/api/billing, /api/books');
	}
});

test('a target that names a host does not lead there', async () => {
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

test('a function that is away is a 503 problem that any page may read', async () => {
	recordedLog();
	const { fetch } = await serveGateway({ '/api/books': 'http://127.0.0.1:1' });
	for (const method of ['GET', 'POST']) {
		const answer = await fetch('/api/books', { method });
		expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
		expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
		expect(answer.headers.get('access-control-allow-origin')).toBe('*');
		expect(await answer.text()).not.toContain('127.0.0.1');
	}
});

test('a connection that breaks off is tried once more if that is safe, and only then', async () => {
	recordedLog();
	const hangUp: Answer = (_res, req) => void req.socket.destroy();
	const { url, seen } = await standIn('books', hangUp);
	const { fetch } = await serveGateway({ '/api/books': url });
	expect(await (await fetch('/api/books')).text()).toBe('books');
	expect(seen).toHaveLength(2);
	const refusing = await standIn('books', hangUp, hangUp);
	const other = await serveGateway({ '/api/books': refusing.url });
	expect((await other.fetch('/api/books', { method: 'DELETE' })).status).toBe(503);
	expect((await other.fetch('/api/books', { method: 'POST', body: {} })).status).toBe(503);
	expect(refusing.seen).toHaveLength(2);
});

test('a body beyond the limit goes no further', async () => {
	const { url, seen } = await standIn('books');
	const { fetch, url: front } = await serveGateway({ '/api/books': url });
	const fits = '{}'.padEnd(gateway.bodyLimit);
	expect((await fetch('/api/books', { method: 'POST', body: `${fits} ` })).status).toBe(413);
	// Without a stated length it is found out on the way, and what came so far is JSON.
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

test('a body is passed on as it comes, however long the rest of it takes', async () => {
	const server = createServer((req, res) => void req.once('data', (chunk) => res.end(chunk)));
	const { url: front } = await serveGateway({ '/api/books': await listen(server) });
	const sent = request(`${front}/api/books`, { method: 'POST', headers: { 'content-type': 'application/json' } });
	sent.write('{"title":');
	const [answer] = (await once(sent, 'response')) as [IncomingMessage];
	expect(await text(answer)).toBe('{"title":');
	sent.end('""}');
});

/** A stream of events behind the gateway: its headers and a first message come at once, then nothing. */
async function standInStream(): Promise<{ url: string; left: Promise<unknown> }> {
	const server = createServer((_req, res) => {
		res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).write('data: 1\n\n');
	});
	const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
	return { url: await listen(server), left: asked.then(([, res]) => once(res, 'close')) };
}

test('a stream of events is passed back as it comes, and let go when the caller leaves', async () => {
	const { url, left } = await standInStream();
	const { url: front } = await serveGateway({ '/api/events': url });
	const requests = recordedRequests();
	const asked = request(`${front}/api/events`, { headers: { 'accept-encoding': 'gzip, br' } }).end();
	const [answer] = (await once(asked, 'response')) as [IncomingMessage];
	expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8');
	expect(answer.headers).not.toHaveProperty('content-length');
	expect(answer.headers).not.toHaveProperty('content-encoding');
	expect(String((await once(answer, 'data'))[0])).toBe('data: 1\n\n');
	// The process that serves adds one; of more than ten Node warns.
	expect(requests[0]?.response.listenerCount('close')).toBeLessThan(10);
	asked.destroy();
	await left;
});

test('a gateway that is told to stop ends the streams of events, and lets the functions go', async () => {
	const log = recordedLog();
	const { url, left } = await standInStream();
	const { fetch, stop } = await serveGateway({ '/api/events': url });
	const answer = await fetch('/api/events');
	stop();
	expect(await answer.text()).toBe('data: 1\n\n');
	await left;
	expect(log.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
});

test('a body that stops halfway is nobody’s fault', async () => {
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

test('a body may be as large as the function behind its path takes it, and no larger', async () => {
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

test('the page is served with a policy under which nothing foreign runs', async () => {
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

test('a file with its hash in its name may be kept for ever', async () => {
	const { fetch } = await serveGateway();
	const script = await fetch('/main-5XK2Q7AB.js');
	expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
	expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
	expect((await fetch('/main.js')).headers.get('cache-control')).toBe('no-cache');
});

test('the page is at the path of each of its screens, and says 404 to a browser where there is none', async () => {
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
	// Who wants no page is told in JSON, and so is who asks for a function that is not there.
	expect((await fetch('/ordering')).headers.get('content-type')).toContain('problem+json');
	expect((await fetch('/api/ordering', html)).headers.get('content-type')).toContain('problem+json');
});

test('a file is sent as small as the caller takes it', async () => {
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
	// Each is another representation, and so another entity tag (RFC 9110, 8.8.3.3).
	expect(new Set([br.etag, gzip.etag, plain.etag]).size).toBe(3);
	expect((await fetch('/', { headers: { 'accept-encoding': 'br' } })).headers.get('content-encoding')).toBeNull();
});

test('a HEAD of a file is answered without it; nothing else is possible there', async () => {
	const { fetch } = await serveGateway();
	const head = await fetch('/main-5XK2Q7AB.js', { method: 'HEAD' });
	expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '7', '']);
	const post = await fetch('/', { method: 'POST' });
	expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
});

test('no path leads out of the folder, or into another', async () => {
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
