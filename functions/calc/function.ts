import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'calc',
	purpose: 'Adds, subtracts, multiplies and divides decimal numbers without binary rounding errors.',
	api,
	// Requests only use CPU and never wait: a product of many long numbers occupies a core for 100 ms.
	scale: { concurrency: 2 },
});
