import { createServer as createHttpServer } from 'node:http';
import { createServer, globalAgent } from 'node:https';
import { expect, onTestFinished, test } from 'vitest';
import { selfSigned } from '../../tests/certificate.ts';
import { listen } from '../../tests/testing.ts';
import { exchange } from './exchange.ts';

test('sends a request over TLS, and rejects a certificate that is not trusted', async () => {
	const own = selfSigned();
	const server = createServer(own, async (req, res) => {
		res.setHeader('retry-after', '7');
		res.end(`${req.method} ${req.url} ${(await req.setEncoding('utf8').toArray()).join('')}`);
	});
	const { port } = new URL(await listen(server));
	const url = new URL(`https://localhost:${port}/path?a=1`);
	const sent = { method: 'POST', body: 'körper', limit: 5_000 };
	await expect(exchange(url, sent)).rejects.toThrow('self-signed certificate');
	globalAgent.options.ca = own.cert;
	onTestFinished(() => {
		delete globalAgent.options.ca;
	});
	const { status, headers, text } = await exchange(url, sent);
	expect([status, headers['retry-after'], text]).toEqual([200, '7', 'POST /path?a=1 körper']);
});

test('rejects an answer with more characters than it may have', async () => {
	const url = new URL(await listen(createHttpServer((_req, res) => res.end('é'.repeat(1_000)))));
	expect((await exchange(url, { method: 'GET', limit: 5_000, most: 1_000 })).text).toHaveLength(1_000);
	const longer = exchange(url, { method: 'GET', limit: 5_000, most: 999 });
	await expect(longer).rejects.toThrow('the answer is longer than 999 characters');
});

test('stops waiting for the rest of an answer at its limit', async () => {
	const url = new URL(await listen(createHttpServer((_req, res) => res.write('half'))));
	await expect(exchange(url, { method: 'GET', limit: 50 })).rejects.toThrow('no answer within 0.05 s');
});
