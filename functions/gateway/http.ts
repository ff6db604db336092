import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HttpFunction } from '@google-cloud/functions-framework';
import { StaticFiles } from '../../kit/files/static-files.ts';
import { answerProblem } from '../../kit/http/answer.ts';
import { requestUrl } from '../../kit/http/request-url.ts';
import type { Context } from '../../kit/serve/context.ts';
import { ReverseProxy } from './proxy.ts';
import { Routes } from './routes.ts';

/** What lies below a function's public paths, and all else under `/api/`, is the functions'; everything else is the page's. */
export function handle(context: Context): HttpFunction {
	const routes = new Routes(context);
	const proxy = new ReverseProxy(routes, context.stopping);
	const root = context.config.env['WEB_ROOT'] ?? dirname(process.argv[1] ?? '.');
	const screens = JSON.parse(readFileSync(join(root, 'screens.json'), 'utf8')) as string[];
	const page = new StaticFiles(join(root, 'web'), screens);
	return async (req, res) => {
		const url = requestUrl(req.originalUrl);
		const { pathname } = url;
		try {
			if (routes.find(pathname) || /^\/api(\/|$)/.test(pathname)) await proxy.pass(req, res, url);
			else await page.send(req, res, pathname);
		} catch (error) {
			answerProblem(res, error);
		}
	};
}

/** A body may be as large as the function behind its path takes it. */
export function bodyLimit(context: Context): (pathname: string) => number {
	const routes = new Routes(context);
	return (pathname) => routes.find(pathname)?.bodyLimit ?? context.declaration.bodyLimit;
}
