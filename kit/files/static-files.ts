import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { HttpFunction } from '@google-cloud/functions-framework';
import { answerPreflight } from '../http/preflight.ts';
import { Problem } from '../http/problem.ts';
import { requestUrl } from '../http/request-url.ts';
import { etagOf, isKnown } from './etag.ts';

type Request = Parameters<HttpFunction>[0];
type Response = Parameters<HttpFunction>[1];

const types: Record<string, string> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.svg': 'image/svg+xml',
};

/** Scripts and styles only from here, and nothing inline: what a customer types can never run. */
const policy =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** What files are compressed with at build time, the smallest first, and the ending of each. */
const encodings = { br: '.br', gzip: '.gz' } as const;

/** The files of one folder, few and small. Those with a hash in their name never change (`app-5XK2Q7AB.js`). */
export class StaticFiles {
	readonly #root: string;
	readonly #names: ReadonlySet<string>;
	readonly #screens: ReadonlySet<string>;

	/** @param screens the paths, by their first part, at which `index.html` finds out by itself what to show */
	constructor(root: string, screens: readonly string[] = []) {
		this.#root = root;
		this.#screens = new Set(screens);
		const files = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isFile());
		this.#names = new Set(files.map(({ name }) => name));
	}

	/** Whether there is such a file, as it is or compressed. Only names that were there at the start: no path leads out of the folder. */
	#has(name: string): boolean {
		return this.#names.has(name) || this.#names.has(`${name}${encodings.gzip}`);
	}

	/**
	 * Sends the file at a path below the folder; `/` is its `index.html`. A browser that is led to a page that is not there
	 * is shown `index.html` too, if that has screens, and told 404.
	 * @throws {Problem} 404, 405
	 */
	async send(req: Request, res: Response, path: string): Promise<void> {
		const { pathname } = requestUrl(req.originalUrl);
		const isScreen = path === '/' || this.#screens.has(path.split('/')[1] ?? '');
		const named = isScreen ? 'index.html' : path.slice(1);
		const isThere = this.#has(named);
		if (!isThere && !(this.#screens.size && req.headers.accept?.includes('text/html')))
			throw new Problem(404, `There is no page at ${pathname}. The shop is at /.`);
		const name = isThere ? named : 'index.html';
		const allow = 'GET, HEAD, OPTIONS';
		if (req.method === 'OPTIONS') return answerPreflight(res, allow);
		if (req.method !== 'GET' && req.method !== 'HEAD')
			throw new Problem(405, `${req.method} is not possible at ${pathname}; ${allow} are.`, { headers: { allow } });
		const encoding = this.#encodingFor(req, name);
		const content = this.#read(name, encoding);
		const etag = etagOf(content);
		const hashed = /-[A-Z0-9]{8}\.\w+$/.test(name);
		res.setHeader('etag', etag);
		res.setHeader('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
		res.setHeader('content-security-policy', policy);
		res.setHeader('x-content-type-options', 'nosniff');
		res.setHeader('referrer-policy', 'no-referrer');
		res.vary('accept-encoding');
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

	/** Of most files the build leaves the compressed ones only; few callers want them otherwise. */
	#read(name: string, encoding: keyof typeof encodings | undefined): Buffer {
		const file = (ending: string): Buffer => readFileSync(join(this.#root, `${name}${ending}`));
		if (encoding) return file(encodings[encoding]);
		return this.#names.has(name) ? file('') : gunzipSync(file(encodings.gzip));
	}

	/** The best of the encodings that the build has made and the caller takes (RFC 9110, 12.5.3). */
	#encodingFor(req: Request, name: string): keyof typeof encodings | undefined {
		const made = (['br', 'gzip'] as const).filter((encoding) => this.#names.has(`${name}${encodings[encoding]}`));
		return made.find((encoding) => req.acceptsEncodings(encoding));
	}
}
