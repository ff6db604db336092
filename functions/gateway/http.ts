import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StaticFiles } from '../../kit/files/static-files.ts';
import { answerProblem } from '../../kit/http/answer.ts';
import type { HttpHandler } from '../../kit/http/http.ts';
import { Problem } from '../../kit/http/problem.ts';
import { requestUrl } from '../../kit/http/request.ts';
import type { Context } from '../../kit/serve/context.ts';
import type declaration from './function.ts';
import { ReverseProxy } from './proxy.ts';
import { Routes } from './routes.ts';

/** Proxies requests below a function's public paths and below `/api/`; serves the page for all other paths. */
export function handle(context: Context): HttpHandler {
	const routes = new Routes(context);
	const { TRUSTED_PROXIES: all } = context.settings<typeof declaration>();
	// The setting counts the gateway itself too.
	const proxies = all === 'unknown' ? all : Math.max(0, all - 1);
	const proxy = new ReverseProxy(context.stopping, proxies);
	const root = context.config.env['WEB_ROOT'] ?? dirname(process.argv[1] ?? '.');
	const screens = JSON.parse(readFileSync(join(root, 'screens.json'), 'utf8')) as string[];
	const page = new StaticFiles(join(root, 'web'), screens);
	return async (req, res) => {
		const { pathname, search } = requestUrl(req.url);
		const route = routes.find(pathname);
		try {
			if (route) await proxy.pass(req, res, route, pathname + search);
			else if (/^\/api(\/|$)/.test(pathname)) throw nowhere(pathname, routes);
			else await page.send(req, res, pathname);
		} catch (error) {
			answerProblem(res, error);
		}
	};
}

const nowhere = (path: string, { prefixes }: Routes): Problem =>
	new Problem(404, `No function has the path ${path}. The functions have these paths: ${prefixes.join(', ')}.`);

/** Returns a function that gives a path's body limit: that of the target function, or else the gateway's own. */
export function bodyLimit(context: Context): (pathname: string) => number {
	const routes = new Routes(context);
	return (pathname) => routes.find(pathname)?.bodyLimit ?? context.declaration.bodyLimit;
}
