import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'stats',
	purpose: 'Computes the mean, median, variance and other statistics of up to a million values.',
	api,
	// Room for a million of the longest doubles, like -1.2345678901234567e-100, each with a comma and a space.
	bodyLimit: 27_000_000,
	// Requests only use CPU and never wait, so a higher concurrency would only use more memory.
	scale: { concurrency: 2 },
});
