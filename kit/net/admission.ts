import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { Problem } from '../http/problem.ts';
import { Places } from './places.ts';

/** The most exchanges in parallel: of all clients, and of one client's address. */
export interface Bounds {
	readonly streams: { readonly all: number; readonly client: number };
	/** Requests whose body arrives slowly, or is longer than the server's buffer. */
	readonly uploads: { readonly all: number; readonly client: number };
	readonly requests: { readonly all: number; readonly client: number };
}

type Kind = keyof Bounds;

export interface Place {
	/** Frees the place; to be called once. */
	leave(): void;
	/** Exchanges the place for one of a stream. @throws {Problem} 503 when none is free */
	becomeStream(): void;
}

/** Milliseconds in which a body can arrive while there is no place for another upload. */
const patience = 1_000;
const look = 25;

/**
 * Admits exchanges to a proxy. Streams and uploads last long, so each kind has places of its own: neither can keep an
 * ordinary request waiting. When the places are taken, a request is refused immediately, because a queue would only grow.
 */
export class Admission {
	readonly #places: Readonly<Record<Kind, Places>>;

	constructor({ streams, uploads, requests }: Bounds) {
		this.#places = { streams: new Places(streams), uploads: new Places(uploads), requests: new Places(requests) };
	}

	/** Returns the place of an exchange, to be left when it has ended. @throws {Problem} 503 with Retry-After when none is free */
	async admit(req: IncomingMessage, res: ServerResponse, client: string | undefined): Promise<Place> {
		let kind: Kind = req.headers.accept?.includes('text/event-stream') ? 'streams' : 'requests';
		if (kind === 'requests' && !(await this.#arrived(req))) kind = 'uploads';
		let free = this.#places[kind].take(client);
		for (let waited = 0; kind === 'uploads' && !free && waited < patience && !res.closed; waited += look) {
			await after(look);
			if (req.complete) kind = 'requests';
			free = this.#places[kind].take(client);
		}
		let leave = free ?? refuse(kind);
		return {
			leave: () => leave(),
			becomeStream: () => {
				if (kind === 'streams') return;
				const place = this.#places.streams.take(client) ?? refuse('streams');
				leave();
				leave = place;
				kind = 'streams';
			},
		};
	}

	/** Returns whether all of the body is in memory. A short one usually comes in one packet with the headers. */
	async #arrived(req: IncomingMessage): Promise<boolean> {
		const { 'content-length': length, 'transfer-encoding': coding } = req.headers;
		if (coding === undefined && !Number(length ?? 0)) return true;
		// A client sends the body right after the headers, so it is here after some turns of the event loop.
		for (let turn = 0; turn < 3 && !req.complete; turn += 1) await new Promise(setImmediate);
		return req.complete;
	}
}

function refuse(kind: Kind): never {
	const what = { streams: 'event streams', uploads: 'requests with slow or large bodies', requests: 'requests' }[kind];
	throw new Problem(503, `Too many ${what} are open at the moment. Close some, or try again shortly.`, {
		headers: { 'retry-after': '2' },
	});
}
