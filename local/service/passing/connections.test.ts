import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Connections } from '../../../kit/net/connections.ts';
import { listen } from '../../../tests/testing.ts';

const module = join(import.meta.dirname, '..', '..', '..', 'kit', 'net', 'connections.ts');

/** A process that takes over connections, and answers as `child`. */
const taking = `
import { createServer } from 'node:http';
import { Connections } from '${module}';
const connections = new Connections(createServer((req, res) => res.end('child ' + req.url)), () => {});
process.on('message', (_, socket) => connections.receive(socket));
`;

/** Opens a server that answers as `parent`, and passes each connection on as soon as it can. */
async function passing() {
	const folder = mkdtempSync(join(tmpdir(), 'bodega-connections-'));
	const file = join(folder, 'child.mjs');
	writeFileSync(file, taking);
	const child = fork(file, { stdio: 'ignore' });
	onTestFinished(() => {
		child.kill();
		rmSync(folder, { recursive: true });
	});
	const server = createServer((req, res) => void res.end(`parent ${req.url}`));
	const connections = new Connections(server, (socket) => setImmediate(() => connections.pass(socket, child, {})));
	const { port } = new URL(await listen(server));
	return { server, port: Number(port) };
}

/** Opens a connection. `ask` writes a text, and returns who answers the request for a path. */
function client(port: number): (text: string, path: string) => Promise<'parent' | 'child'> {
	const socket = connect(port, '127.0.0.1').setEncoding('utf8');
	onTestFinished(() => void socket.destroy());
	let received = '';
	socket.on('data', (text: string) => {
		received += text;
	});
	return async (text, path) => {
		socket.write(text);
		for (;;) {
			const [, who] = new RegExp(`(parent|child) ${path}\\b`).exec(received) ?? [];
			if (who) return who as 'parent' | 'child';
			await once(socket, 'data');
		}
	};
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: shop\r\n\r\n`;

/** Asks until the other process answers. */
async function askChild(ask: ReturnType<typeof client>): Promise<void> {
	for (let count = 0; (await ask(get(`/again${count}`), `/again${count}`)) !== 'child'; count += 1);
}

test('passes a connection on between two requests, but not in the middle of one', async () => {
	const { port } = await passing();
	const ask = client(port);
	const [begun, rest] = [get('/2').slice(0, 9), get('/2').slice(9)];
	expect(await ask(get('/1') + begun, '/1')).toBe('parent');
	expect(await ask(rest, '/2')).toBe('parent');
	await askChild(ask);
});

test('a server closes while connections that it has passed on stay open', async () => {
	const { server, port } = await passing();
	const ask = client(port);
	await askChild(ask);
	await new Promise((resolve) => server.close(resolve));
	expect(await ask(get('/last'), '/last')).toBe('child');
});
