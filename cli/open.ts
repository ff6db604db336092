import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { functions } from '../functions/index.ts';
import { findAddress } from '../k8s/cluster/address.ts';
import { Failure } from '../k8s/kubectl/failure.ts';
import { withRole } from '../kit/declare/declare.ts';
import { choosePlace, type Where } from './place/place.ts';

interface OpenOptions extends Where {
	/** Local port for a shop on a cluster; 0 for any free one. */
	readonly port: number;
	/** False to print only the address. */
	readonly browser: boolean;
}

/**
 * Opens the shop in a browser. A cluster's host names often do not resolve here, so its shop is forwarded to a local port
 * until the command is interrupted.
 */
export async function open({ port, browser, ...where }: OpenOptions, stop: AbortSignal): Promise<void> {
	const place = await choosePlace(where);
	if ('running' in place) return show(place.running.url, browser);
	const address = await findAddress(place.kubectl);
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
		show(`http://localhost:${(server.address() as AddressInfo).port}`, browser);
		process.stderr.write(`Forwarding to ${address.urlOf(gateway)} on the cluster. Press Ctrl-C to stop.\n`);
		await once(stop, 'abort');
	} catch (cause) {
		if ((cause as { code?: string }).code !== 'EADDRINUSE') throw cause;
		throw new Failure(
			'usage',
			`--port ${port}: another program listens on it; expected a free port: npx bodega open --port ${port + 1}`,
			{ cause },
		);
	} finally {
		server.closeAllConnections();
		server.close();
		await address.close();
	}
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
