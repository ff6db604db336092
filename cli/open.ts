import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { functions } from '../functions/index.ts';
import { findAddress } from '../k8s/cluster/address.ts';
import { Failure } from '../k8s/kubectl/failure.ts';
import { withRole } from '../kit/declare/declare.ts';
import { sendProblem } from '../kit/http/answer.ts';
import { messageOf, Problem } from '../kit/http/problem.ts';
import { endToEnd, sendBack, sendOn } from '../kit/net/forward.ts';
import { openServer } from '../kit/net/server.ts';
import { reusing } from '../kit/net/timing.ts';
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
	const to = { ...urlToHttpOptions(new URL(address.url)), agent: reusing() };
	const listener = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
		const headers = endToEnd(req, { host });
		try {
			await sendBack(await sendOn(req, res, { ...to, path: req.url ?? '/', headers }), res);
		} catch (error) {
			sendProblem(res, new Problem(502, `The cluster does not answer: ${messageOf(error)}. See npx bodega status.`));
		}
	};
	const server = openServer(listener, { local: true, proxy: true });
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
