import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'stats',
	purpose: 'Means, medians, variances and the like of up to a million values.',
	api,
	// A million doubles of the longest kind, -1.2345678901234567e-100, with a comma and a space each.
	bodyLimit: 27_000_000,
	// It computes and never waits, so more at once would only hold more of them in memory.
	scale: { concurrency: 2 },
});
