import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { functions } from '../functions/index.ts';
import { findAddress } from '../k8s/cluster/address.ts';
import { Failure } from '../k8s/kubectl/failure.ts';
import { withRole } from '../kit/declare/declare.ts';
import { findRunning } from '../local/running.ts';
import { interruptible } from './interrupt.ts';
import type { Where } from './shop.ts';

interface OpenOptions extends Omit<Where, 'url'> {
	/** Local port for a shop on a cluster. */
	readonly port: number;
	/** False to print only the address. */
	readonly browser: boolean;
}

/**
 * Opens the shop in a browser: the one that runs on this machine, or else the one on the current kube context. A
 * cluster's host names often do not resolve here, so its shop is forwarded to a local port until the command is
 * interrupted.
 */
export async function open({ port, data, namespace, browser }: OpenOptions): Promise<number> {
	const running = await findRunning(data);
	if (running) {
		show(running.url, browser);
		return 0;
	}
	return await interruptible(async (stop) => {
		const address = await findAddress({ namespace });
		const gateway = withRole('gateway', functions).name;
		const host = address.host(gateway);
		const server = createServer((req, res) => {
			const to = request(`${address.url}${req.url}`, { method: req.method, headers: { ...req.headers, host } });
			to.once('response', (answer) => {
				res.writeHead(answer.statusCode ?? 502, answer.headers);
				answer.pipe(res);
			});
			to.once('error', ({ message }) => {
				if (res.headersSent) return res.destroy();
				res.writeHead(502, { 'content-type': 'text/plain' }).end(`The cluster does not answer: ${message}\n`);
			});
			res.once('close', () => to.destroy());
			req.pipe(to);
		});
		try {
			server.listen(port, '127.0.0.1');
			await once(server, 'listening', { signal: stop });
		} catch (cause) {
			await address.close();
			if ((cause as { code?: string }).code !== 'EADDRINUSE') throw cause;
			throw new Failure('usage', `Port ${port} is taken. Choose another: npx bodega open --port ${port + 1}`, {
				cause,
			});
		}
		show(`http://localhost:${port}`, browser);
		process.stderr.write(`Forwarding to ${address.urlOf(gateway)} on the cluster. Press Ctrl-C to stop.\n`);
		await once(stop, 'abort');
		server.closeAllConnections();
		server.close();
		await address.close();
		return 0;
	});
}

function show(url: string, browser: boolean): void {
	process.stdout.write(`${url}\n`);
	if (!browser || !process.stdout.isTTY) return;
	const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
	// Ignore a missing program on a machine without a desktop: the address is already printed.
	spawn(program, [url], { stdio: 'ignore', detached: true })
		.once('error', () => {})
		.unref();
}
