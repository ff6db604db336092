import { dirname, join } from 'node:path';
import type { HttpFunction } from '@google-cloud/functions-framework';
import { answerProblem } from '../kit/answer.ts';
import { json } from '../kit/config.ts';
import type { Context } from '../kit/context.ts';
import { Problem } from '../kit/problem.ts';
import { requestUrl } from '../kit/request-url.ts';
import { ReverseProxy } from './proxy.ts';
import { StaticFiles } from './static-files.ts';

/** What lies below a function's public paths, and all else under `/api/`, is the functions'; everything else is the page's. */
export function handle({ config }: Context): HttpFunction {
	const proxy = new ReverseProxy(json<Record<string, string>>('ROUTES', config.env) ?? {});
	const page = new StaticFiles(config.env['WEB_ROOT'] ?? join(dirname(process.argv[1] ?? '.'), 'web'));
	return async (req, res) => {
		const url = requestUrl(req.originalUrl);
		const { pathname } = url;
		try {
			if (proxy.knows(pathname) || /^\/api(\/|$)/.test(pathname)) await proxy.pass(req, res, url);
			else if (req.method === 'GET' || req.method === 'HEAD') await page.send(req, res, pathname);
			else throw new Problem(405, `${req.method} is not possible at ${pathname}.`, { headers: { allow: 'GET, HEAD' } });
		} catch (error) {
			answerProblem(res, error);
		}
	};
}
