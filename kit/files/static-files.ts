import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { answerPreflight } from '../http/answer.ts';
import { acceptsEncoding, vary } from '../http/negotiation.ts';
import { Problem } from '../http/problem.ts';
import { requestUrl } from '../http/request.ts';
import { etagOf, isKnown } from './etag.ts';

const types: Record<string, string> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.svg': 'image/svg+xml',
};

/** Allows scripts and styles from this origin only, and none inline, so text that a customer enters can never run. */
const policy =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The encodings in which the build compresses files, smallest result first, with their file extensions. */
const encodings = { br: '.br', gzip: '.gz' } as const;

/** Serves the few small files of one folder. Files with a hash in their name (`app-5XK2Q7AB.js`) never change. */
export class StaticFiles {
	readonly #root: string;
	readonly #names: ReadonlySet<string>;
	readonly #screens: ReadonlySet<string>;

	/** @param screens the first segments of the paths at which `index.html` is sent; it chooses what to show itself */
	constructor(root: string, screens: readonly string[] = []) {
		this.#root = root;
		this.#screens = new Set(screens);
		const files = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isFile());
		this.#names = new Set(files.map(({ name }) => name));
	}

	/**
	 * Sends the file at a path below the folder; `/` is `index.html`. If there are screens, a browser also gets
	 * `index.html` for an unknown path, with status 404.
	 * @throws {Problem} 404, 405
	 */
	async send(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
		const { pathname } = requestUrl(req.url);
		const isScreen = path === '/' || this.#screens.has(path.split('/')[1] ?? '');
		const named = isScreen ? 'index.html' : path.slice(1);
		// Only names read at the start count, so no path can escape.
		const isThere = this.#names.has(named) || this.#names.has(`${named}${encodings.gzip}`);
		if (!isThere && !(this.#screens.size && req.headers.accept?.includes('text/html')))
			throw new Problem(404, `There is no page at ${pathname}. The shop is at /.`);
		const name = isThere ? named : 'index.html';
		const allow = 'GET, HEAD, OPTIONS';
		if (req.method === 'OPTIONS') return answerPreflight(res, allow);
		if (req.method !== 'GET' && req.method !== 'HEAD')
			throw new Problem(405, `${req.method} is not allowed at ${pathname}; allowed: ${allow}.`, { headers: { allow } });
		const encoding = this.#encodingFor(req, name);
		const content = this.#read(name, encoding);
		const etag = etagOf(content);
		const hashed = /-[A-Z0-9]{8}\.\w+$/.test(name);
		res.setHeader('etag', etag);
		res.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
		res.setHeader('content-security-policy', policy);
		res.setHeader('x-content-type-options', 'nosniff');
		res.setHeader('referrer-policy', 'no-referrer');
		vary(res, 'accept-encoding');
		if (isThere && isKnown(req, etag)) res.writeHead(304).end();
		else
			res
				.writeHead(isThere ? 200 : 404, {
					'content-type': types[extname(name)] ?? 'application/octet-stream',
					'content-length': content.length,
					...(encoding ? { 'content-encoding': encoding } : {}),
				})
				.end(content);
	}

	/** Reads a file. The build stores most files only compressed, because few clients need them uncompressed. */
	#read(name: string, encoding: keyof typeof encodings | undefined): Buffer {
		const file = (ending: string): Buffer => readFileSync(join(this.#root, `${name}${ending}`));
		if (encoding) return file(encodings[encoding]);
		return this.#names.has(name) ? file('') : gunzipSync(file(encodings.gzip));
	}

	/** Returns the best encoding that the build has made and the client accepts (RFC 9110, 12.5.3). */
	#encodingFor(req: IncomingMessage, name: string): keyof typeof encodings | undefined {
		const made = (['br', 'gzip'] as const).filter((encoding) => this.#names.has(`${name}${encodings[encoding]}`));
		return made.find((encoding) => acceptsEncoding(req, encoding));
	}
}
