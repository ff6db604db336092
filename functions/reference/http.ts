import { dirname, join } from 'node:path';
import { StaticFiles } from '../../kit/files/static-files.ts';
import { answerProblem } from '../../kit/http/answer.ts';
import type { HttpHandler } from '../../kit/http/http.ts';
import { requestUrl } from '../../kit/http/request.ts';
import type { Context } from '../../kit/serve/context.ts';

/** Serves files of the build (`build/reference/`), so that a cold start does not load every function's contract. */
export function handle({ config }: Context): HttpHandler {
	const root = config.env['REFERENCE_ROOT'] ?? dirname(process.argv[1] ?? '.');
	const documents = new StaticFiles(join(root, 'documents'));
	const page = new StaticFiles(join(root, 'docs'));
	return async (req, res) => {
		const { pathname } = requestUrl(req.url);
		const [, ofPage, file = '/'] = /^\/api(\/docs)?(\/[^/]*)?$/.exec(pathname) ?? [];
		try {
			await (ofPage ? page : documents).send(req, res, file);
		} catch (error) {
			answerProblem(res, error);
		}
	};
}
