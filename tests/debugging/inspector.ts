import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A place in a source: its path from the root of the project, and a line counted from 1. */
export interface Place {
	readonly source: string;
	readonly line: number;
}

interface Script {
	readonly scriptId: string;
	/** The URL of a bundle's file. */
	readonly url: string;
	readonly sourceMapURL: string;
}

interface Location {
	readonly scriptId: string;
	readonly lineNumber: number;
	readonly columnNumber: number;
}

/** A debugger that finds the sources of a bundle by its map, as editors do. It speaks the Chrome DevTools Protocol. */
export class Debugger {
	readonly #socket: WebSocket;
	readonly #root: string;
	readonly #answers = new Map<number, (result: Record<string, unknown>) => void>();
	readonly #events: { method: string; params: Record<string, unknown> }[] = [];
	readonly #listeners = new Set<() => void>();
	#count = 0;
	#bundle: { readonly script: Script; readonly map: SourceMap } | undefined;
	/** Resolves when the connection has closed. */
	readonly closed: Promise<unknown>;

	private constructor(socket: WebSocket, root: string) {
		this.#socket = socket;
		this.#root = root;
		this.closed = once(socket, 'close');
		socket.addEventListener('message', ({ data }) => {
			const message = JSON.parse(String(data));
			if (message.id !== undefined) return this.#answers.get(message.id)?.(message.result);
			if (message.params.sourceMapURL === 'function.cjs.map')
				this.#bundle = { script: message.params, map: mapOf(message.params) };
			this.#events.push(message);
			for (const listener of this.#listeners) listener();
		});
	}

	/** Attaches to a port as editors do: by the address in its list of targets. */
	static async attach(port: number, root: string): Promise<Debugger> {
		const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
		const [target] = (await answer.json()) as { webSocketDebuggerUrl: string }[];
		const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
		await once(socket, 'open');
		onTestFinished(() => socket.close());
		const attached = new Debugger(socket, root);
		await attached.send('Runtime.enable');
		await attached.send('Debugger.enable');
		return attached;
	}

	send(method: string, params: object = {}): Promise<Record<string, unknown>> {
		this.#count += 1;
		const id = this.#count;
		this.#socket.send(JSON.stringify({ id, method, params }));
		return new Promise((resolve) => this.#answers.set(id, resolve));
	}

	/** Resolves with the next event, and those that came before are dropped. */
	async next(method: string): Promise<Record<string, unknown>> {
		for (;;) {
			const event = this.#events.shift();
			if (event?.method === method) return event.params;
			if (!event)
				await new Promise<void>((resolve) => {
					const listener = (): void => {
						this.#listeners.delete(listener);
						resolve();
					};
					this.#listeners.add(listener);
				});
		}
	}

	/** Sets a breakpoint on a line of a source. */
	async breakAt({ source, line }: Place): Promise<void> {
		const url = this.#bundle?.script.url ?? '';
		const rows = readFileSync(fileURLToPath(url), 'utf8').split('\n');
		const lineNumber = rows.findIndex((text, row) => {
			const place = this.#placeOf(row, text.search(/\S|$/));
			return place?.source === source && place.line === line;
		});
		await this.send('Debugger.setBreakpointByUrl', { url, lineNumber });
	}

	/** Waits until the process is paused in the bundle, and returns where. */
	async paused(): Promise<Place | undefined> {
		const { callFrames } = (await this.next('Debugger.paused')) as { callFrames: { location: Location }[] };
		const location = callFrames[0]?.location;
		if (location?.scriptId !== this.#bundle?.script.scriptId) return undefined;
		return this.#placeOf(location?.lineNumber ?? 0, location?.columnNumber ?? 0);
	}

	#placeOf(row: number, column: number): Place | undefined {
		const entry = this.#bundle?.map.findEntry(row, column);
		if (!entry || !('originalSource' in entry)) return undefined;
		const source = fileURLToPath(new URL(entry.originalSource, this.#bundle?.script.url));
		return { source: relative(this.#root, source), line: entry.originalLine + 1 };
	}

	close(): void {
		this.#socket.close();
	}
}

const mapOf = ({ url }: Script): SourceMap =>
	new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')));
