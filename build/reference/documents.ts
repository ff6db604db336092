import { functions } from '../../functions/index.ts';
import project from '../../package.json' with { type: 'json' };
import { asyncApi } from './asyncapi.ts';
import { openApi } from './openapi.ts';

/** The documents of the API reference by file name. */
export const documents = {
	'openapi.json': openApi(functions, project.version),
	'asyncapi.json': asyncApi(functions, project.version),
};
