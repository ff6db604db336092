import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';

/** A request of a broker that the receiver got. */
export interface Delivery {
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

/** Sends back a delivery's own event. */
function echo(response: ServerResponse, { headers, body }: Delivery): void {
	const names = Object.keys(headers).filter((name) => name.startsWith('ce-') || name === 'content-type');
	response.writeHead(200, Object.fromEntries(names.map((name) => [name, headers[name]]))).end(body);
}

/** Responses by the first part of the path. `nth` counts the deliveries of the same event to the same path, from 1. */
const behaviours: Record<string, (response: ServerResponse, delivery: Delivery, nth: number, rest: string) => void> = {
	status: (response, _, __, code) => void response.writeHead(Number(code)).end(Number(code) < 300 ? '' : 'no'),
	second: (response, _, nth) => void response.writeHead(nth < 2 ? 503 : 200).end(),
	text: (response) => void response.end('hello'),
	batch: (response) => void response.setHeader('content-type', 'application/cloudevents-batch+json').end('[]'),
	silent: () => {},
	close: (response) => void response.destroy(),
	moved: (response, _, __, to) => void response.writeHead(307, { location: `/${to}` }).end(),
	reply: (response, { headers, body }, _, type) =>
		echo(response, { path: '', headers: { ...headers, 'ce-type': type }, body }),
	echo,
};

/**
 * Creates a subscriber that responds as its path says, for example 503 at `/status/503`, and lists all deliveries at `GET /`.
 * It imports nothing of this project, so that a Pod can run this file alone.
 */
export function createReceiver(): Server {
	const deliveries: Delivery[] = [];
	return createServer({ maxHeaderSize: 1024 * 1024 }, (request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			if (request.method === 'GET') return void response.end(JSON.stringify(deliveries));
			const path = request.url ?? '';
			const delivery = { path, headers: request.headers, body: Buffer.concat(chunks).toString() };
			deliveries.push(delivery);
			const [, behaviour = '', ...rest] = path.split('?', 1)[0]?.split('/') ?? [];
			const same = deliveries.filter(
				(one) => one.path === path && one.headers['ce-case'] === request.headers['ce-case'],
			);
			const respond = behaviours[behaviour] ?? (() => void response.writeHead(200).end());
			respond(response, delivery, same.length, rest.join('/'));
		});
	});
}

if (import.meta.main) createReceiver().listen(8080);
